/** Most Updates that this process sends to one turn at once; the server refuses the 11th. */
const AT_ONCE = 8;
/**
 * Most bytes of them: what comes at once is one transaction of the server, which takes 4 MiB, from all processes together. A
 * single message may be larger.
 */
const BYTES_AT_ONCE = 1_048_576;

/** Runs work for a turn when what runs for the same one leaves room for a message of so many bytes; in order. */
export type PerTurnLimit = <T>(turnId: string, bytes: number, work: () => Promise<T>) => Promise<T>;

interface Lane {
  running: number;
  bytes: number;
  waiting: { bytes: number; go(): void }[];
}

export function createPerTurnLimit(): PerTurnLimit {
  const lanes = new Map<string, Lane>();

  return async (turnId, bytes, work) => {
    const lane = lanes.get(turnId) ?? { running: 0, bytes: 0, waiting: [] };
    lanes.set(turnId, lane);
    await new Promise<void>((go) => {
      lane.waiting.push({ bytes, go });
      admit(lane);
    });
    try {
      return await work();
    } finally {
      lane.running -= 1;
      lane.bytes -= bytes;
      admit(lane);
      if (lane.running === 0) lanes.delete(turnId);
    }
  };
}

function admit(lane: Lane): void {
  for (;;) {
    const [next] = lane.waiting;
    if (!next || lane.running >= AT_ONCE) return;
    if (lane.running > 0 && lane.bytes + next.bytes > BYTES_AT_ONCE) return;
    lane.waiting.shift();
    lane.running += 1;
    lane.bytes += next.bytes;
    next.go();
  }
}

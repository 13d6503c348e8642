/** Most Updates that this process sends to one turn at once; the server refuses the 11th. */
const AT_ONCE = 8;

/** Runs work for a turn when fewer than {@link AT_ONCE} others run for the same one, in order. */
export type PerTurnLimit = <T>(turnId: string, work: () => Promise<T>) => Promise<T>;

export function createPerTurnLimit(): PerTurnLimit {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>();

  return async (turnId, work) => {
    const lane = lanes.get(turnId) ?? { running: 0, waiting: [] };
    lanes.set(turnId, lane);
    if (lane.running >= AT_ONCE) await new Promise<void>((go) => lane.waiting.push(go));
    else lane.running += 1;
    try {
      return await work();
    } finally {
      const next = lane.waiting.shift();
      if (next) next();
      else lane.running -= 1;
      if (lane.running === 0) lanes.delete(turnId);
    }
  };
}

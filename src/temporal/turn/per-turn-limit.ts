import { Semaphore } from 'async-mutex';

/** Most Updates that this process sends to one turn at once; the server refuses the 11th. */
const AT_ONCE = 8;
/**
 * Most bytes of them: what comes at once is one transaction of the server, which takes 4 MiB, from all processes together. A
 * single message may be larger.
 */
const BYTES_AT_ONCE = 1_048_576;

/** Runs work for a turn when what runs for the same one leaves room for a message of so many bytes; in order. */
export type PerTurnLimit = <T>(turnId: string, bytes: number, work: () => Promise<T>) => Promise<T>;

export function createPerTurnLimit(): PerTurnLimit {
  const lanes = new Map<string, { places: Semaphore; room: Semaphore }>();

  return async (turnId, bytes, work) => {
    const lane = lanes.get(turnId) ?? {
      places: new Semaphore(AT_ONCE),
      room: new Semaphore(BYTES_AT_ONCE),
    };
    lanes.set(turnId, lane);
    try {
      return await lane.places.runExclusive(() =>
        lane.room.runExclusive(work, Math.min(Math.max(bytes, 1), BYTES_AT_ONCE)),
      );
    } finally {
      if (lane.places.getValue() === AT_ONCE) lanes.delete(turnId);
    }
  };
}

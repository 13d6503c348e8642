/** How much of everything. */
export interface Sizes {
  warmUp: number;
  turns: readonly { inFlight: number; count: number }[];
  approvals: number;
  /** Parked turns, fewest first. */
  parked: readonly number[];
  /** `kill -9` of everything, for each number of parked turns. */
  kills: number;
  /** Sizes of the workflow cache, and at how many parked turns memory is read. */
  memory: readonly { cachedWorkflows: number; parked: readonly number[] }[];
  workerKills: number;
  readers: number;
}

const FULL: Sizes = {
  warmUp: 100,
  turns: [
    { inFlight: 1, count: 100 },
    { inFlight: 10, count: 200 },
    { inFlight: 50, count: 400 },
  ],
  approvals: 60,
  parked: [100, 1_000],
  kills: 5,
  memory: [
    { cachedWorkflows: 500, parked: [0, 1_000] },
    { cachedWorkflows: 100, parked: [0, 200, 1_200] },
  ],
  workerKills: 9,
  readers: 1_000,
};

const QUICK: Sizes = {
  warmUp: 10,
  turns: [
    { inFlight: 1, count: 10 },
    { inFlight: 10, count: 30 },
    { inFlight: 50, count: 60 },
  ],
  approvals: 5,
  parked: [20, 100],
  kills: 1,
  memory: [{ cachedWorkflows: 20, parked: [0, 40, 140] }],
  workerKills: 2,
  readers: 100,
};

export function sizesOf({ quick }: { quick: boolean }): Sizes {
  return quick ? QUICK : FULL;
}

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
  /** Turns of a measurement on the cluster, and how many are under way at once. */
  cluster: { inFlight: number; count: number };
  auth: AuthSizes;
}

/** How much of managed auth. */
export interface AuthSizes {
  /** Logins of a round; each is answered wrongly so many times, then rightly. The site's form takes up to ten. */
  submits: { logins: number; wrong: number };
  /** Checks that are under way at once, each of another profile, and how many in all. */
  checks: readonly { inFlight: number; count: number }[];
  /** Logins that come and go before memory is read, sizes of the workflow cache, and at how many parked logins. */
  parked: readonly { comeAndGone: number; cachedWorkflows: number; parked: readonly number[] }[];
  /** Open contexts at which memory is read. */
  hot: readonly number[];
  kills: number;
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
  cluster: { inFlight: 50, count: 200 },
  auth: {
    submits: { logins: 3, wrong: 8 },
    checks: [
      { inFlight: 1, count: 8 },
      { inFlight: 4, count: 24 },
      { inFlight: 8, count: 40 },
    ],
    parked: [
      { comeAndGone: 50, cachedWorkflows: 500, parked: [0, 200] },
      { comeAndGone: 50, cachedWorkflows: 40, parked: [20, 120] },
    ],
    hot: [2, 18],
    kills: 20,
  },
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
  cluster: { inFlight: 10, count: 30 },
  auth: {
    submits: { logins: 1, wrong: 4 },
    checks: [
      { inFlight: 1, count: 2 },
      { inFlight: 4, count: 8 },
    ],
    parked: [{ comeAndGone: 10, cachedWorkflows: 500, parked: [0, 50] }],
    hot: [1, 5],
    kills: 2,
  },
};

export function sizesOf({ quick }: { quick: boolean }): Sizes {
  return quick ? QUICK : FULL;
}

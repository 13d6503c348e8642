import type { Machine } from './system/machine.ts';
import type { ApprovalFigures } from './workloads/approvals.ts';
import type { CheckCell } from './workloads/auth-checks.ts';
import type { AuthKill } from './workloads/auth-kills.ts';
import type { HotReading, ParkedLogins } from './workloads/auth-memory.ts';
import type { SubmitFigures } from './workloads/auth-submits.ts';
import type { ClusterRound } from './workloads/cluster.ts';
import type { FanOutRound } from './workloads/fan-out.ts';
import type { MemoryReading, ParkedFigures } from './workloads/parked.ts';
import type { TurnCell } from './workloads/turns.ts';

/** Memory at some numbers of parked turns, with a workflow cache of a size. */
export interface MemorySeries {
  cachedWorkflows: number;
  readings: { parked: number; memory: MemoryReading }[];
}

/** What of managed auth was measured; a part that broke off is absent. */
export interface AuthResults {
  submits?: SubmitFigures;
  checks?: CheckCell[];
  hot?: HotReading[];
  parked?: ParkedLogins[];
  /** `kill -9` of the worker that shows a form → the form again from another one, one for each kill. */
  kills?: AuthKill[];
}

/** Everything that a run of the bench has found; a part that was not run is absent. */
export interface Results {
  at: string;
  quick: boolean;
  rounds: number;
  machine: Machine;
  turns?: TurnCell[];
  approvals?: ApprovalFigures;
  parked?: ParkedFigures[];
  memory?: MemorySeries[];
  /** `kill -9` of the worker alone → first approved turn done, in milliseconds, one for each kill. */
  workerKillsMs?: number[];
  fanOut?: FanOutRound[];
  cluster?: ClusterRound[];
  auth?: AuthResults;
}

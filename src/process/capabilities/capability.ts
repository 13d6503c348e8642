import type { Worker } from '@temporalio/worker';
import type { ApiCapability } from '../../api/capability.ts';
import type { ApiDeps } from '../../api/deps.ts';
import type { Metrics } from '../../api/health/metrics.ts';
import type { Notes } from '../../notes/note-store.ts';
import type { WaiterStore } from '../../store/store.ts';
import type { WorkerDeps } from '../../temporal/create-worker.ts';
import type { LoginState } from '../../tools/profile/login-state.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Round } from '../../upkeep/upkeep.ts';
import type { Base } from '../base.ts';

/**
 * What a capability adds to the processes; absent: nothing. A new one is a file beside this one and a line in all.ts. Routes
 * and workers are loaded by the process that needs them.
 */
export interface Capability {
  tools?(deps: ToolDeps): Tool[];
  api?(deps: ApiDeps): Promise<ApiCapability>;
  worker?(context: WorkerContext): Promise<WorkerCapability>;
}

/** What built-in tools stand on. */
export interface ToolDeps {
  notes: Notes;
  auth: LoginState;
  waiters: Pick<WaiterStore, 'add' | 'remove'>;
  /** How often `browser_profile` looks unwoken at a connection that it waits for, in milliseconds. Default 60,000. */
  profileLookMs?: number;
  /** `host:port` of addresses that are not public and that `http_fetch` may reach all the same. */
  httpFetchAllow: string[];
  /** Default: the system's clock. */
  now?: () => Date;
  /** Where `bwrap` is looked for, in the form of `PATH`. Default: the usual system folders. */
  searchPath?: string;
}

/** What the part of a capability in a worker stands on. */
export interface WorkerContext {
  base: Base;
  metrics: Metrics;
  workerId: string;
  buildId: string;
  /** Released after the workers. */
  running: AsyncDisposableStack;
}

/** What every worker of a process is made with. */
export type WorkerCommon = Pick<WorkerDeps, 'connection' | 'namespace' | 'dataConverter' | 'identity'> & {
  taskQueue: string;
};

/** What a capability adds to a worker process. */
export interface WorkerCapability {
  /** Activities of the shared queue. */
  activities?: object;
  /** What this process has that another may lack: `tool:<name>`, `model:<provider>`. */
  offers?: string[];
  /** Further workers, of queues of the capability's own. */
  workers?(common: WorkerCommon): Promise<Worker[]>;
  /** Queues whose backlog is measured beside the shared one's. */
  queues?: string[];
  /** What is done beside tasks, again and again. */
  rounds?: Round[];
}

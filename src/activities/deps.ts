import type { Logger } from 'pino';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { ModelBook } from '../models/model-limits.ts';
import type { ModelDirectory } from '../models/model-provider.ts';
import type { NoteDelivery } from '../notes/note-delivery.ts';
import type { Store } from '../store/store.ts';
import type { Names } from '../temporal/names.ts';
import type { TurnExecutions } from '../temporal/turn/turn-executions.ts';
import type { TurnToStart } from '../temporal/turn/turn-gateway.ts';
import type { Bounds } from '../tools/bounds.ts';
import type { SchemaChecker } from '../tools/schema-checker.ts';
import type { ToolRegistry } from '../tools/tool.ts';

/** What a worker measures. */
export interface WorkerMetrics {
  observeModelCall(model: string, outcome: 'ok' | 'error', seconds: number): void;
  observeToolCall(tool: string, outcome: 'ok' | 'error', seconds: number): void;
  /** A task that was left to other workers, because this one lacks what it needs. */
  countLeft(capability: string): void;
}

/** Everything that activities act upon. */
export interface ActivityDeps {
  store: Store;
  tools: ToolRegistry;
  /** Checks inputs by schemas that others wrote. */
  schemas: SchemaChecker;
  models: ModelDirectory;
  /** What is configured of models; absent: nothing is limited. */
  modelBook?: ModelBook;
  feed: LiveFeed;
  /** Of the installation. Default: those without an id. */
  names?: Names;
  /** Delivers the records of sessions that a turn has changed. */
  noteDelivery: Pick<NoteDelivery, 'changed'>;
  /** Starts a turn's workflow; false when it was there. */
  startTurn(turn: TurnToStart): Promise<boolean>;
  /** What the engine knows of the turn, for where the store knows something else. */
  executions: Pick<TurnExecutions, 'find' | 'carried'>;
  /** Folder of the agents' workspaces. */
  workspacesDir: string;
  /** What each agent may take up on this worker. Default: {@link DEFAULT_BOUNDS}. */
  bounds?: Bounds;
  metrics: WorkerMetrics;
  /** How long a turn waits for a worker that has what this one lacks, when none says so; 0 = there are no others. */
  capabilityPatienceMs: number;
  log: Logger;
  now(): Date;
}

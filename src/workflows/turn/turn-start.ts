import type { PreparedTurn } from '../../core/turn/prepared-turn.ts';
import type { LogCarry } from '../../core/turn/turn-log.ts';
import type { TurnMemory } from '../../core/turn/turn-memory.ts';
import type { TurnIdentity } from '../../core/turn/turn-snapshot.ts';

/** Input of the `agentTurn` workflow. */
export interface TurnStart extends TurnIdentity {
  /** Set by continue-as-new only. */
  carried?: TurnCarry;
}

/** What a turn takes along into its next workflow run. */
export interface TurnCarry {
  log: LogCarry;
  prepared: PreparedTurn;
  memory: TurnMemory;
  /** Instant at which the turn's time is over. */
  deadlineAt?: number;
}

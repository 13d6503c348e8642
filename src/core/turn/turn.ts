import type { TurnEvent, TurnFact } from '../../contract/index.ts';
import type { CallState } from './call-state.ts';
import type { PreparedTurn } from './prepared-turn.ts';
import type { TurnLog } from './turn-log.ts';
import type { TurnMemory } from './turn-memory.ts';
import type { TurnIdentity } from './turn-snapshot.ts';

/** An open turn as the rules see it: its log, what it pinned, and what it remembers. */
export interface Turn extends TurnIdentity {
  log: TurnLog;
  prepared: PreparedTurn;
  memory: TurnMemory;
  /** How many calls the current step has. */
  callsInStep: number;
  /** Set once the end is decided: from then on every message is refused. */
  ending: boolean;
}

export function append(turn: Turn, fact: TurnFact): TurnEvent {
  return turn.log.append(fact);
}

export function callOf(turn: Turn, callId: string): CallState | undefined {
  const { calls } = turn.log.state();
  return Object.hasOwn(calls, callId) ? calls[callId] : undefined;
}

export function toolOf(turn: Turn, name: string): PreparedTurn['tools'][number] | undefined {
  return turn.prepared.tools.find((tool) => tool.name === name);
}

/** Whether what the turn sends at once is bounded: see {@link PreparedTurn.bounded}. */
export function isBounded({ prepared }: Turn): boolean {
  return prepared.bounded === true;
}

import type { Stuck } from '../../contract/index.ts';
import type { Turn } from '../../core/turn/turn.ts';

/** Why a turn ends before its model has said its last word. */
export type Interrupt =
  | { kind: 'cancel'; reason?: string; by?: { tokenId: string; name: string } }
  | { kind: 'deadline' }
  /** A message was half taken when its handler broke, or what people wait for could not be recorded. */
  | { kind: 'fault'; error: unknown };

/** A turn as its workflow runs it: what the rules see of it, and what is under way. Ends with the workflow run. */
export interface RunningTurn extends Turn {
  /** Length of the history in the workflow task in which it was prepared. */
  preparedInTask?: number;
  /** Records what is too much for parallel calls to carry; shared by those that wait for it. */
  recordingAhead?: Promise<void>;
  /** Resolves when the heavy activities scheduled so far have ended; never rejects. */
  heavy?: Promise<void>;
  interrupt?: Interrupt;
  /** Calls that were woken since they looked last. */
  woken: Set<string>;
  /** Calls that are waiting for something and have no result yet. */
  waiting: Set<string>;
  /** Tools and models that no worker has been found for yet, by the activity that needs them. */
  missingCapabilities: Map<string, Stuck>;
}

/** The turn with nothing under way yet. */
export function runningTurn(turn: Turn): RunningTurn {
  return { ...turn, woken: new Set(), waiting: new Set(), missingCapabilities: new Map() };
}

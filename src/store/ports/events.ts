import type { TurnEvent } from '../../contract/index.ts';
import type { TurnRecord } from './turns.ts';

export interface EventStore {
  /**
   * Appends a turn's events and projects them (approvals, the turn's `pending`) in one transaction.
   * An event that is already there is passed over, so overlapping ranges are safe. Throws EventsBehind on a gap, EventsDiverge
   * where another event has the number.
   * Returns how many were new, none where the turn has ended, and the turn as it is then.
   */
  append(turnId: string, events: TurnEvent[]): Promise<{ added: number; turn: TurnRecord }>;
  /** Events with `seq` greater than `after` (default 0), in order. */
  list(turnId: string, after?: number): Promise<TurnEvent[]>;
  /** Events of one call, in order. */
  ofCall(turnId: string, callId: string): Promise<TurnEvent[]>;
  /**
   * Takes an event, and all after it, out of an open turn's story, for its workflow was set back before them. They are kept
   * apart; approvals and `pending` are as before them. Returns how many it were: none where the story has another event of
   * that number by now.
   */
  supersede(turnId: string, from: TurnEvent, at: string): Promise<number>;
  /** Superseded events, by reset and number. */
  superseded(turnId: string): Promise<TurnEvent[]>;
}

import { type RawBuilder, sql } from 'kysely';
import { type EndStatus, isEnd } from '../../contract/index.ts';
import type { TurnState } from '../store.ts';

/** Turns that have not ended. Written out, because a partial index serves only a condition it can see. */
export const OPEN: RawBuilder<boolean> = sql<boolean>`state in ('queued', 'starting', 'running')`;

/** Whether a turn in this state has ended. */
export function hasEnded(state: TurnState): state is EndStatus {
  return state !== 'starting' && isEnd(state);
}

/** The later one of two ISO instants. */
export function later(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

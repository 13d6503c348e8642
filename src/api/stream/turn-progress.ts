import { isTerminal, type TurnSnapshot } from '../../contract/index.ts';
import { LOG_START, type LogCursor } from '../../core/turn/turn-log.ts';
import { snapshotOf } from '../../core/turn/turn-snapshot.ts';
import { stateAfter } from '../../core/turn/turn-state.ts';
import type { TurnRecord } from '../../store/store.ts';
import { createEventBuffer, type EventBuffer } from './event-buffer.ts';
import type { Look } from './turn-source.ts';

/** What is remembered of a watched turn: its row, its events and deltas, and how far its log was read. */
export interface TurnProgress {
  readonly buffer: EventBuffer;
  record(): TurnRecord;
  /** Behind the last event that was found. */
  logCursor(): LogCursor;
  /** Whether the row has ended and every event is in the buffer. */
  ended(): boolean;
  add(found: Look): void;
  /** The state up to the last event, or just before the end. */
  snapshot(): TurnSnapshot;
  /** Number of the last event in {@link TurnProgress.snapshot}. */
  snapshotSeq(): number;
}

export function createTurnProgress(turn: TurnRecord): TurnProgress {
  const { id: turnId, sessionId, ordinal, agent } = turn;
  const buffer = createEventBuffer(ordinal);
  let usage = turn.usage;
  let { record, ended, position }: Pick<Look, 'record' | 'ended' | 'position'> = {
    record: turn,
    ended: false,
    position: LOG_START,
  };

  const beforeEnd = () => buffer.events().filter((event) => !isTerminal(event));
  return {
    buffer,
    record: () => record,
    logCursor: () => position,
    ended: () => ended,
    add(found) {
      if (found.reset) buffer.clear();
      buffer.append(found.events);
      ({ record, ended, position, usage = usage } = found);
    },
    snapshot() {
      const state = snapshotOf({ turnId, sessionId, ordinal, agent }, stateAfter(beforeEnd()), usage);
      const waits = record.state === 'queued' || record.state === 'starting';
      return waits ? { ...state, status: 'queued' } : state;
    },
    snapshotSeq: () => beforeEnd().length,
  };
}

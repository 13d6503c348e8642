import { isEnd, type Turn, type TurnSnapshot, type TurnStatus } from '../contract/index.ts';
import type { TurnRecord, TurnState } from '../store/store.ts';
import type { TurnToStart } from '../temporal/turn-gateway.ts';

/** Whether the row says that the turn has ended. */
export function hasEnded({ state }: TurnRecord): boolean {
  return state !== 'queued' && state !== 'starting' && state !== 'running';
}

/** A turn as callers see it. A newer snapshot wins, except that only the row may say that the turn has ended. */
export function toTurn(record: TurnRecord, snapshot?: TurnSnapshot): Turn {
  const live = hasEnded(record) || snapshot === undefined || isEnd(snapshot.status) ? undefined : snapshot;
  const { output, error } = record;
  return {
    ...identity(record),
    status: live?.status ?? statusOf(record),
    usage: live?.usage ?? record.usage,
    pending: live?.pending ?? record.pending,
    ...(output !== undefined && { output }),
    ...(error !== undefined && { error }),
    ...(record.startedAt !== undefined && { startedAt: record.startedAt }),
    ...(record.endedAt !== undefined && { endedAt: record.endedAt }),
  };
}

/** A turn as it was when it was admitted: the same for every repeat of the request, however far it has come. */
export function toAdmittedTurn(record: TurnRecord): Turn {
  return {
    ...identity(record),
    status: 'queued',
    usage: { inputTokens: 0, outputTokens: 0 },
    pending: [],
  };
}

/** What the workflow of a turn is started with: nothing of its content. */
export function toStart({ id, sessionId, ordinal, agent }: TurnRecord): TurnToStart {
  return { id, sessionId, ordinal, agent };
}

function identity(record: TurnRecord) {
  const { id, sessionId, ordinal, agent, input, metadata, createdAt } = record;
  return { id, sessionId, ordinal, agent, input, metadata, createdAt };
}

function statusOf({ state, pending }: TurnRecord): TurnStatus {
  return STATUS[state] ?? (pending.length > 0 ? 'waiting' : 'running');
}

const STATUS: Readonly<Record<TurnState, TurnStatus | undefined>> = {
  queued: 'queued',
  starting: 'queued',
  running: undefined,
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

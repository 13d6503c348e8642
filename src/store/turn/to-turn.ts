import type { Turn, TurnStatus } from '../../contract/index.ts';
import type { TurnRecord } from '../store.ts';

/** The status that people see: a turn that is being started has not begun; one with a pending call waits. */
export function statusOf({ state, pending }: Pick<TurnRecord, 'state' | 'pending'>): TurnStatus {
  if (state === 'starting') return 'queued';
  return state === 'running' && pending.length > 0 ? 'waiting' : state;
}

/** A turn as the API shows it. */
export function toTurn(record: TurnRecord): Turn {
  const { id, sessionId, ordinal, agent, input, output, usage, error, pending, metadata } = record;
  const { createdAt, startedAt, endedAt, retryOf, rerunOf } = record;
  return {
    id,
    sessionId,
    ordinal,
    agent,
    status: statusOf(record),
    input,
    ...(output !== undefined && { output }),
    usage,
    ...(error && { error }),
    pending,
    ...(record.state === 'running' && record.modelWait && { waitingFor: 'model' }),
    metadata,
    createdAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(retryOf !== undefined && { retryOf }),
    ...(rerunOf !== undefined && { rerunOf }),
  };
}

import { isEnd, type PendingCall, type Stuck, type Turn, type TurnSnapshot } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import { toTurn as turnOfRow } from '../../store/turn/to-turn.ts';
import { hasEnded } from '../../store/turn/turn-states.ts';
import type { TurnToStart } from '../../temporal/turn/turn-gateway.ts';

/** A turn as callers see it. A newer snapshot wins, except that only the row may say that the turn has ended. */
export function toTurn(record: TurnRecord, snapshot?: TurnSnapshot, told?: Stuck): Turn {
  const turn = { ...turnOfRow(record), ...(told && { stuck: told }) };
  if (hasEnded(record.state) || snapshot === undefined || isEnd(snapshot.status)) return turn;
  const { status, usage, pending, stuck } = snapshot;
  const whole = pending.map((call) => wholeCall(call, record));
  return { ...turn, status, usage, pending: whole, ...(stuck && { stuck }) };
}

/** A live snapshot leaves long inputs out where there are many; the row has them. */
function wholeCall(call: PendingCall, { pending }: TurnRecord): PendingCall {
  if (Object.keys(call.input).length > 0) return call;
  const known = pending.find(
    ({ callId, inputDigest }) => callId === call.callId && inputDigest === call.inputDigest,
  );
  return known ? { ...call, input: known.input } : call;
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
  const { id, sessionId, ordinal, agent, input, metadata, createdAt, retryOf, rerunOf } = record;
  return {
    id,
    sessionId,
    ordinal,
    agent,
    input,
    metadata,
    createdAt,
    ...(retryOf !== undefined && { retryOf }),
    ...(rerunOf !== undefined && { rerunOf }),
  };
}

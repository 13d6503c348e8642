import { createTurnLog } from '../core/turn/turn-log.ts';
import { callsOf, isOpen, stateAfter } from '../core/turn/turn-state.ts';
import type { Store, TurnRecord } from '../store/store.ts';

const ERROR = {
  code: 'installation_renewed',
  message: 'This store is a copy; the turn goes on in the installation that it was copied from.',
};
const PAGE = 200;

/**
 * Ends every open turn of a store that is to be another installation: their workflows are the other one's, and what was only
 * waiting must not be done twice. Newest first within a session, so that no end makes another turn ready to start.
 */
export async function leaveOpenWork(store: Store, at: string): Promise<number> {
  let ended = 0;
  for (const status of ['queued', 'running', 'waiting', 'queued'] as const) {
    for (let more = true; more; ) {
      const { items } = await store.turns.list({ status, limit: PAGE });
      const before = ended;
      for (const turn of items) if (await leave(store, turn, at)) ended += 1;
      more = ended > before;
    }
  }
  return ended;
}

async function leave(store: Store, turn: TurnRecord, at: string): Promise<boolean> {
  const archived = await store.events.list(turn.id);
  const state = stateAfter(archived);
  const seq = archived.at(-1)?.seq ?? 0;
  const log = createTurnLog(turn.id, () => at, { base: { seq, chain: '' }, state });
  if (turn.state === 'queued') {
    const event = log.append({ type: 'turn.cancelled', reason: ERROR.message });
    return (await store.turns.cancelQueued(turn.id, event, at)) !== undefined;
  }
  for (const { callId, status, inputDigest } of callsOf(state).filter(isOpen)) {
    if (status === 'pending') {
      log.append({ type: 'approval.resolved', callId, action: 'expired', via: 'turn_ended', inputDigest });
    }
    log.append({ type: 'tool_call.failed', callId, error: ERROR });
  }
  log.append({ type: 'turn.failed', error: ERROR, usage: turn.usage });
  const { events } = log.since({ seq, chain: '' });
  const end = { turnId: turn.id, status: 'failed' as const, usage: turn.usage, endedAt: at, error: ERROR };
  return (await store.turns.end({ ...end, events })).ended;
}

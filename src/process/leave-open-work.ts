import { closingEvents } from '../core/turn/closing.ts';
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
  if (turn.state === 'queued') {
    const cancelled = { type: 'turn.cancelled', reason: ERROR.message } as const;
    const [event] = closingEvents(turn.id, archived, cancelled, at);
    return event !== undefined && (await store.turns.cancelQueued(turn.id, event, at)) !== undefined;
  }
  const failed = { type: 'turn.failed', error: ERROR, usage: turn.usage } as const;
  const events = closingEvents(turn.id, archived, failed, at, ERROR);
  const end = { turnId: turn.id, status: 'failed' as const, usage: turn.usage, endedAt: at, error: ERROR };
  return (await store.turns.end({ ...end, events })).ended;
}

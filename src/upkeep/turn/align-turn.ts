import { isTerminal, type TurnEvent } from '../../contract/index.ts';
import { canonicalJson } from '../../digest.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { Store } from '../../store/store.ts';
import type { TurnExecutions } from '../../temporal/turn/turn-executions.ts';

export interface AlignDeps {
  store: Pick<Store, 'events' | 'turns'>;
  executions: Pick<TurnExecutions, 'carried'>;
  feed: Pick<LiveFeed, 'publish'>;
  now(): Date;
}

/** In what the archive of an open turn and its history differ. */
export interface Difference {
  /** The first event that the store has and the history has not: an older engine was restored, or it was reset. */
  ahead?: TurnEvent;
  /** Events that the history has and the store has not: an older store was restored, or they are on their way. */
  missing: TurnEvent[];
}

/** The history is asked and not the workflow: a worker that was paused may answer from a task that was lost. */
export async function compareEvents({ store, executions }: AlignDeps, turnId: string): Promise<Difference> {
  // First the store: what is appended later is in the history by then.
  const archived = await store.events.list(turnId);
  const carried = await executions.carried(turnId);
  const [first] = carried;
  if (!first) return { missing: [] };
  const known = new Map(carried.map((event) => [event.seq, canonicalJson(event)]));
  const other = archived.find(
    (event) => event.seq >= first.seq && known.get(event.seq) !== canonicalJson(event),
  );
  const until = other === undefined ? archived.length : other.seq - 1;
  const missing = carried.filter((event) => event.seq > until && !isTerminal(event));
  // Without those before them, which only older runs had, they could not follow.
  const follows = missing[0]?.seq === until + 1;
  return { ...(other && { ahead: other }), missing: follows ? missing : [] };
}

/**
 * The workflow is the turn: the store gets what it lacks, and what only the store has is superseded. False where the store
 * was changed since they were compared: the workflow goes on, and sees to it itself.
 */
export async function alignEvents(
  { store, feed, now }: AlignDeps,
  turnId: string,
  { ahead, missing }: Difference,
): Promise<boolean> {
  if (ahead && (await store.events.supersede(turnId, ahead, now().toISOString())) === 0) return false;
  const [started] = missing;
  if (started?.type === 'turn.started') await store.turns.begin(turnId, started.digests, started.at);
  await store.events.append(turnId, missing);
  feed.publish({ topic: 'turn', turnId, change: 'stored' });
  feed.publish({ topic: 'approvals' });
  return true;
}

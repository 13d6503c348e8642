import type { TurnEvent } from '../contract/index.ts';
import type { ActivityDeps } from './deps.ts';

const APPROVAL_EVENTS = new Set(['approval.requested', 'approval.resolved']);

/** Appends the events that an activity carries, before it does anything else, and hints at it. */
export async function appendCarried(
  { store, feed }: Pick<ActivityDeps, 'store' | 'feed'>,
  turnId: string,
  events: TurnEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const added = await store.events.append(turnId, events);
  if (added > 0) feed.publish({ topic: 'turn', turnId, change: 'stored' });
  if (added > 0 && events.some((event) => APPROVAL_EVENTS.has(event.type)))
    feed.publish({ topic: 'approvals' });
}

import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** What the time from a worker's death to the form again consists of, in milliseconds. */
export interface TakeOver {
  /** From the kill until the engine misses the holder's heartbeat. */
  missed: number;
  /** Until the workflow's next decision: the dead worker's sticky queue, where the workflow was cached there. */
  decided: number;
  /** Until it is certain that nobody holds the page: the holder is not begun again on the dead worker's queue. */
  certain: number;
  /** Until another worker has begun to open the page. */
  begun: number;
  /** Until the form is read. */
  read: number;
  /** Until the frame of the new question has arrived. */
  shown: number;
}

export const TAKE_OVER_PARTS = ['missed', 'decided', 'certain', 'begun', 'read', 'shown'] as const;

/** Reads off a flow's history what its last take-over consisted of; undefined where it went another way. */
export async function readTakeOver(
  client: Client,
  workflowId: string,
  { killedAt, shownAt }: { killedAt: number; shownAt: number },
): Promise<TakeOver | undefined> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const after = (events ?? []).filter((event) => atMs(event) >= killedAt);
  const missed = after.find(({ activityTaskTimedOutEventAttributes }) => activityTaskTimedOutEventAttributes);
  const rehold =
    missed && after.find((event) => atMs(event) > atMs(missed) && activityOf(event) === 'holdBrowser');
  const lost = after.find(
    ({ activityTaskTimedOutEventAttributes: timedOut }) =>
      rehold && String(timedOut?.scheduledEventId) === String(rehold.eventId),
  );
  const opening = after.find((event) => activityOf(event) === 'openLogin');
  const isOpening = (id: unknown) => opening !== undefined && String(id) === String(opening.eventId);
  const begun = after.find(({ activityTaskStartedEventAttributes: started }) =>
    isOpening(started?.scheduledEventId),
  );
  const read = after.find(({ activityTaskCompletedEventAttributes: done }) =>
    isOpening(done?.scheduledEventId),
  );
  if (!missed || !rehold || !lost || !begun || !read) return undefined;
  const marks = [killedAt, ...[missed, rehold, lost, begun, read].map(atMs), shownAt];
  const parts = TAKE_OVER_PARTS.map((part, index) => [part, (marks[index + 1] ?? 0) - (marks[index] ?? 0)]);
  return Object.fromEntries(parts) as unknown as TakeOver;
}

function activityOf({ activityTaskScheduledEventAttributes }: HistoryEvent): string | undefined {
  return activityTaskScheduledEventAttributes?.activityType?.name ?? undefined;
}

/** Unix milliseconds. */
function atMs({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + Number(eventTime?.nanos ?? 0) / 1e6;
}

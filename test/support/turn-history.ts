import type { Client } from '@temporalio/client';

async function eventsOf(client: Client, turnId: string) {
  return (await client.workflow.getHandle(`turn:${turnId}`).fetchHistory()).events ?? [];
}

/** How many timers the workflow of a turn has started so far. */
export async function timersStarted(client: Client, turnId: string): Promise<number> {
  return (await eventsOf(client, turnId)).filter((event) => event.timerStartedEventAttributes).length;
}

/** How often it has scheduled an activity so far. */
export async function timesScheduled(client: Client, turnId: string, activity: string): Promise<number> {
  const names = (await eventsOf(client, turnId)).map(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name,
  );
  return names.filter((name) => name === activity).length;
}

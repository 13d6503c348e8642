import type { Client } from '@temporalio/client';
import { type Names, UNNAMED } from '../../src/temporal/names.ts';

async function eventsOf(client: Client, turnId: string, names: Names) {
  return (await client.workflow.getHandle(names.turnWorkflowId(turnId)).fetchHistory()).events ?? [];
}

/** How many timers the workflow of a turn has started so far. */
export async function timersStarted(client: Client, turnId: string, names: Names = UNNAMED): Promise<number> {
  return (await eventsOf(client, turnId, names)).filter((event) => event.timerStartedEventAttributes).length;
}

/** How often it has scheduled an activity so far. */
export async function timesScheduled(
  client: Client,
  turnId: string,
  activity: string,
  names: Names = UNNAMED,
): Promise<number> {
  const types = (await eventsOf(client, turnId, names)).map(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name,
  );
  return types.filter((type) => type === activity).length;
}

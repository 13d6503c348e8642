import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';

const { HistoryEvent } = proto.temporal.api.history.v1;
type Event = NonNullable<History['events']>[number];

/** What a workflow run sent with each workflow task that it completed, in bytes, as its history has it. */
export function activationBytes(history: History): number[] {
  const sent = new Map<string, number>();
  let task = '';
  for (const event of history.events ?? []) {
    if (event.workflowTaskCompletedEventAttributes) {
      task = String(event.eventId);
      sent.set(task, 0);
    } else if (isSent(event)) {
      sent.set(task, (sent.get(task) ?? 0) + HistoryEvent.encode(event).finish().length);
    }
  }
  return [...sent.values()];
}

/** Commands name the task that they came with; answers to Updates stand behind it. */
function isSent(event: Event): boolean {
  if (event.workflowExecutionUpdateCompletedEventAttributes) return true;
  return Object.entries(event).some(
    ([name, attributes]) =>
      name.endsWith('EventAttributes') &&
      typeof attributes === 'object' &&
      attributes !== null &&
      'workflowTaskCompletedEventId' in attributes &&
      Number(attributes.workflowTaskCompletedEventId) > 0,
  );
}

/** What a run was started with, in bytes: after continue-as-new, what was carried along. */
export function startedWithBytes(history: History): number {
  const [first] = history.events ?? [];
  return first ? HistoryEvent.encode(first).finish().length : 0;
}

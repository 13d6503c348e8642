import type { TurnEvent } from '../../contract/index.ts';
import type { Turn } from './turn.ts';

const FOR_PEOPLE = new Set<TurnEvent['type']>([
  'approval.requested',
  'approval.resolved',
  'tool_call.awaiting_result',
]);

/** Whether the event tells what people wait for: those are recorded even where no other activity runs. */
function isForPeople({ type }: TurnEvent): boolean {
  return FOR_PEOPLE.has(type);
}

/** Whether the turn only waits: none of its calls is about to be dispatched. */
function isIdle(turn: Turn): boolean {
  const open = turn.log.openCalls();
  return open.length > 0 && open.every((call) => call.status !== 'requested' && call.status !== 'ready');
}

/** Whether the turn is idle and people wait for events that no scheduled activity carries to the store. */
export function needsRecording(turn: Turn): boolean {
  return !turn.ending && turn.log.unscheduled().some(isForPeople) && isIdle(turn);
}

/** Whether the turn is idle with events that no scheduled activity carries, and none that is recorded for its own sake. */
export function needsPublishing(turn: Turn): boolean {
  const unscheduled = turn.ending ? [] : turn.log.unscheduled();
  return unscheduled.length > 0 && !unscheduled.some(isForPeople) && isIdle(turn);
}

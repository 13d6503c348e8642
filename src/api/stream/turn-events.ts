import { isTerminal, type TurnEvent } from '../../contract/index.ts';
import { LOG_START } from '../../core/turn/turn-log.ts';
import type { TurnRecord } from '../../store/store.ts';
import type { TurnSourceDeps } from './turn-source.ts';

/** Events of a turn as known now: an ended one's from the archive, else from its workflow, else what was archived so far. */
export async function eventsNow(
  { store, observer, log }: TurnSourceDeps,
  turn: TurnRecord,
): Promise<TurnEvent[]> {
  const archived = await store.events.list(turn.id);
  if (turn.state !== 'running') return archived;
  const events = [...archived];
  try {
    for (let position = LOG_START, more = true; more; ) {
      const page = await observer.eventsSince(turn.id, position);
      events.push(
        ...page.events.filter((event) => event.seq > (events.at(-1)?.seq ?? 0) && !isTerminal(event)),
      );
      position = page.position;
      more = page.more;
    }
  } catch (error) {
    log.debug({ err: error, turnId: turn.id }, 'workflow does not answer; archived events only');
  }
  return events;
}

import { isTerminal, type TurnEvent, type Usage } from '../../contract/index.ts';
import type { NumberedDelta, TurnRecord } from '../../store/store.ts';
import { type LogAnswer, LOG_START } from '../../temporal/turn-observer.ts';
import type { WatchDeps } from './turn-watch.ts';

/** What a look at a turn found behind a place. */
export interface Look {
  record: TurnRecord;
  usage: Usage;
  /** What was sent so far was never committed: forget it, `events` begin at the first. */
  reset: boolean;
  events: TurnEvent[];
  /** The row has ended, and `events` hold the terminal event. */
  ended: boolean;
  /** There is more to fetch at once. */
  more: boolean;
}

/** Where a turn's events come from: its workflow while it is open, the archive once the store says that it has ended. */
export interface TurnSource {
  /** Events behind `seq`. Throws when neither answers at the moment. */
  look(seq: number): Promise<Look>;
  /** Deltas of a step behind number `n`. */
  deltas(step: number, n: number): Promise<NumberedDelta[]>;
}

export function createTurnSource({ store, observer, log }: WatchDeps, turn: TurnRecord): TurnSource {
  const turnId = turn.id;
  /** Behind the last page that was sent in full: a page cut before its end is asked for again. */
  let position = LOG_START;

  /** After continue-as-new the older events are in the archive only. */
  const withArchived = async (page: LogAnswer, seq: number): Promise<TurnEvent[]> => {
    if (page.base <= seq) return page.events;
    const archived = await store.events.list(turnId, seq);
    return [...archived.filter((event) => event.seq <= page.base), ...page.events];
  };

  const lookAtWorkflow = async (record: TurnRecord, sent: number): Promise<Look> => {
    const page = await observer.eventsSince(turnId, position);
    if (page.reset) log.warn({ turnId, seq: sent }, 'what was streamed was never committed: streamed again');
    const seq = page.reset ? 0 : sent;
    const all = (await withArchived(page, seq)).filter((event) => event.seq > seq);
    // An end is believed once the store has it, never before.
    const events = all.filter((event) => !isTerminal(event));
    const whole = events.length === all.length;
    if (whole) position = page.position;
    return { record, usage: page.usage, reset: page.reset, events, ended: false, more: page.more && whole };
  };

  return {
    async look(seq) {
      const record = (await store.turns.get(turnId)) ?? turn;
      const { usage } = record;
      if (record.endedAt) {
        return {
          record,
          usage,
          reset: false,
          events: await store.events.list(turnId, seq),
          ended: true,
          more: false,
        };
      }
      if (record.state === 'running') return await lookAtWorkflow(record, seq);
      return { record, usage, reset: false, events: [], ended: false, more: false };
    },
    deltas: (step, n) => store.deltas.list(turnId, step, n),
  };
}

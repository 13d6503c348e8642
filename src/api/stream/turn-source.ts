import { isTerminal, type TurnEvent, type Usage } from '../../contract/index.ts';
import type { NumberedDelta, TurnRecord } from '../../store/store.ts';
import { chainOf, LOG_START, type LogAnswer } from '../../temporal/turn-observer.ts';
import type { WatchDeps } from './turn-watch.ts';

/** What a look at a turn found that is new. */
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
  /** Events behind those of the look before. Throws when neither answers at the moment. */
  look(): Promise<Look>;
  /** Deltas of a step behind number `n`. */
  deltas(step: number, n: number): Promise<NumberedDelta[]>;
}

export function createTurnSource({ store, observer, log }: WatchDeps, turn: TurnRecord): TurnSource {
  const turnId = turn.id;
  /** Behind the last event that was sent. */
  let position = LOG_START;

  /** After continue-as-new the older events are in the archive only. */
  const withArchived = async (page: LogAnswer, seq: number): Promise<TurnEvent[]> => {
    if (page.base <= seq) return page.events;
    const archived = await store.events.list(turnId, seq);
    return [...archived.filter((event) => event.seq <= page.base), ...page.events];
  };

  const lookAtWorkflow = async (record: TurnRecord): Promise<Look> => {
    const page = await observer.eventsSince(turnId, position);
    if (page.reset) forget();
    const all = await withArchived(page, position.seq);
    // An end is believed once the store has it, never before.
    const events = all.filter((event) => !isTerminal(event));
    const whole = events.length === all.length;
    position = whole
      ? page.position
      : { seq: events.at(-1)?.seq ?? position.seq, chain: chainOf(events, position.chain) };
    return { record, usage: page.usage, reset: page.reset, events, ended: false, more: page.more && whole };
  };

  /** The archive holds what was committed; what was streamed is compared with it once more. */
  const lookAtArchive = async (record: TurnRecord): Promise<Look> => {
    const all = await store.events.list(turnId);
    const reset = chainOf(all.slice(0, position.seq)) !== position.chain;
    if (reset) forget();
    const events = all.slice(position.seq);
    return { record, usage: record.usage, reset, events, ended: true, more: false };
  };

  const forget = () => {
    log.warn({ turnId, seq: position.seq }, 'what was streamed was never committed: it is streamed again');
    position = LOG_START;
  };

  return {
    async look() {
      const record = (await store.turns.get(turnId)) ?? turn;
      if (record.endedAt) return await lookAtArchive(record);
      if (record.state === 'running') return await lookAtWorkflow(record);
      return { record, usage: record.usage, reset: false, events: [], ended: false, more: false };
    },
    deltas: (step, n) => store.deltas.list(turnId, step, n),
  };
}

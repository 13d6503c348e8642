import type { Logger } from 'pino';
import { isTerminal, type TurnEvent, type Usage } from '../../contract/index.ts';
import { chainOf, LOG_START, type LogAnswer, type LogCursor } from '../../core/turn/turn-log.ts';
import type { NumberedDelta, Store, TurnRecord } from '../../store/store.ts';
import type { TurnObserver } from '../../temporal/turn/turn-observer.ts';

export interface TurnSourceDeps {
  store: Store;
  observer: Pick<TurnObserver, 'eventsSince'>;
  log: Logger;
}

/** What a look at a turn found that is new. */
export interface Look {
  record: TurnRecord;
  /** Tokens used so far; absent where only the store was asked about a turn that goes on. */
  usage?: Usage;
  /** What was sent so far was never committed: forget it, `events` begin at the first. */
  reset: boolean;
  events: TurnEvent[];
  /** The row has ended, and `events` hold the terminal event. */
  ended: boolean;
  /** There is more to fetch at once. */
  more: boolean;
  /** Behind the last of `events`. */
  position: LogCursor;
  /** The workflow was set back since it was asked last: what follows in the store may not follow what was sent. */
  setBack?: true;
}

/** Where a turn's events come from: the store, to which activities carry them, and the workflow, where that is behind. */
export interface TurnSource {
  /**
   * Events behind a cursor: what is committed and stored and, where it shall be asked, what the workflow has beyond that.
   * Throws when the one that is asked does not answer at the moment.
   */
  look(position: LogCursor, askWorkflow: boolean): Promise<Look>;
  /** Deltas of a step behind number `n`. */
  deltas(step: number, n: number): Promise<NumberedDelta[]>;
}

/**
 * How long the workflow may take to answer, in milliseconds. A query that was given to a worker that died is never
 * answered; one that makes a worker replay a long history is answered the next time.
 */
const QUERY_WAIT_MS = 1_500;

export function createTurnSource({ store, observer, log }: TurnSourceDeps, turn: TurnRecord): TurnSource {
  const turnId = turn.id;
  // How many resets the position takes account of.
  let resets = turn.resets ?? 0;

  /** After continue-as-new the older events are in the archive only. */
  const withArchived = async (page: LogAnswer, seq: number): Promise<TurnEvent[]> => {
    if (page.base <= seq) return page.events;
    const archived = await store.events.list(turnId, seq);
    return [...archived.filter((event) => event.seq <= page.base), ...page.events];
  };

  const lookAtWorkflow = async (record: TurnRecord, sent: LogCursor): Promise<Look> => {
    const page = await observer.eventsSince(turnId, sent, QUERY_WAIT_MS);
    const { reset, usage } = page;
    resets = record.resets ?? 0;
    const from = reset ? forget(sent) : sent;
    const all = await withArchived(page, from.seq);
    // An end is believed once the store has it, never before.
    const events = all.filter((event) => !isTerminal(event));
    const whole = events.length === all.length;
    const position = whole ? page.position : behind(from, events);
    return { record, usage, reset, events, ended: false, more: page.more && whole, position };
  };

  /** The archive holds what was committed; what was streamed is compared with it once more. */
  const lookAtArchive = async (record: TurnRecord, sent: LogCursor): Promise<Look> => {
    const all = await store.events.list(turnId);
    const reset = chainOf(all.slice(0, sent.seq)) !== sent.chain;
    const from = reset ? forget(sent) : sent;
    const events = all.slice(from.seq);
    const position = behind(from, events);
    return { record, usage: record.usage, reset, events, ended: true, more: false, position };
  };

  const forget = ({ seq }: LogCursor): LogCursor => {
    log.warn({ turnId, seq }, 'what was streamed was never committed: it is streamed again');
    return LOG_START;
  };

  /** Events that a regular activity has carried: its task is committed, so they will not change. */
  const lookAtStore = async (record: TurnRecord, sent: LogCursor): Promise<Look> => {
    if ((record.resets ?? 0) !== resets) {
      return { record, reset: false, events: [], ended: false, more: false, position: sent, setBack: true };
    }
    const stored = await store.events.list(turnId, sent.seq);
    const events = stored.filter((event) => !isTerminal(event));
    return { record, reset: false, events, ended: false, more: false, position: behind(sent, events) };
  };

  return {
    async look(position, askWorkflow) {
      const record = (await store.turns.get(turnId)) ?? turn;
      if (record.endedAt) return await lookAtArchive(record, position);
      const asked = askWorkflow && record.state === 'running';
      return asked ? await lookAtWorkflow(record, position) : await lookAtStore(record, position);
    },
    deltas: (step, n) => store.deltas.list(turnId, step, n),
  };
}

function behind({ seq, chain }: LogCursor, events: TurnEvent[]): LogCursor {
  return { seq: events.at(-1)?.seq ?? seq, chain: chainOf(events, chain) };
}

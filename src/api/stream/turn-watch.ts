import type { Logger } from 'pino';
import { isTerminal, type TurnSnapshot } from '../../contract/index.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { Store, TurnRecord } from '../../store/store.ts';
import { LOG_START, type TurnObserver } from '../../temporal/turn-observer.ts';
import { aborted } from './aborted.ts';
import { createAudience } from './audience.ts';
import { createFrameBuffer, encodeDelta, type Place } from './frame-buffer.ts';
import type { StreamReader } from './readers.ts';
import { hintOnChange } from './turn-hints.ts';
import { createTurnSource, type Look } from './turn-source.ts';
import { createWakeUp } from './wake-up.ts';

export interface WatchDeps {
  store: Store;
  observer: TurnObserver;
  feed: LiveFeed;
  log: Logger;
}

/** The one watcher of a turn in this process: hint → one coalesced look → buffer → all readers. */
export interface TurnWatch extends AsyncDisposable {
  /** Resolves when everything that was known at the first look is here. */
  readonly ready: Promise<void>;
  /** The state up to the last event, or just before the end. */
  snapshot(): TurnSnapshot;
  /** Number of the last event in {@link TurnWatch.snapshot}. */
  snapshotSeq(): number;
  lastSeq(): number;
  ended(): boolean;
  /**
   * Writes what is behind the place, and from then on everything new; a place that is none of this turn's gets a `reset`
   * first. Resolves when the turn has ended and all is written, or the reader is gone.
   */
  follow(place: Place, reader: StreamReader): Promise<void>;
}

/** How soon a look that failed is repeated, in milliseconds. */
const RETRY_MS = 500;
/**
 * How often is looked without a hint, in milliseconds: where no feed reaches, at a queued turn and at the deltas of a step
 * in progress; and everywhere while the workflow owes an answer.
 */
const AGAIN_MS = 100;

/** Watches a turn until it is disposed of. */
export function createTurnWatch(deps: WatchDeps, turn: TurnRecord): TurnWatch {
  const { id: turnId, sessionId, ordinal, agent } = turn;
  const source = createTurnSource(deps, turn);
  const buffer = createFrameBuffer(ordinal);
  const audience = createAudience(buffer);
  let usage = turn.usage;
  let { record, ended, position }: Pick<Look, 'record' | 'ended' | 'position'> = {
    record: turn,
    ended: false,
    position: LOG_START,
  };

  // The first look asks the workflow, and so does one that is to find what was hinted and did not come.
  let askWorkflow = true;

  const look = async () => {
    await lookOnce(false);
    if (!askWorkflow || ended) return;
    askWorkflow = false;
    try {
      for (let more = record.state === 'running'; more; ) more = await lookOnce(true);
    } catch (error) {
      // No worker answers: what is stored is shown all the same, and it is asked again.
      askWorkflow = true;
      deps.log.debug({ err: error, turnId }, 'workflow does not answer at the moment');
    }
  };

  const lookOnce = async (asksWorkflow: boolean): Promise<boolean> => {
    const found = await source.look(position, asksWorkflow);
    // Before the events: those of a finished step supersede its deltas.
    await lookAtDeltas();
    if (found.reset) {
      buffer.clear();
      audience.reset();
    }
    buffer.append(found.events);
    audience.grown();
    ({ record, ended, position, usage = usage } = found);
    await lookAtDeltas();
    if (ended) audience.end();
    return found.more && !ended;
  };

  const lookAtDeltas = async () => {
    const step = buffer.openStep();
    if (step === undefined) return;
    buffer.appendDeltas(await source.deltas(step, buffer.lastDelta()));
    audience.grown();
  };

  /** A reader that left in the middle of a step gets its other pieces, as long as they are kept, before what supersedes them. */
  const writeMissedDeltas = async (step: number, { seq, n }: Place, reader: StreamReader) => {
    const missed = await source.deltas(step, n);
    const frames = missed.map((delta) => encodeDelta(ordinal, seq, delta));
    if (frames.length > 0 && !reader.write(Buffer.concat(frames))) await reader.drained();
  };

  const isUnhinted = () =>
    !deps.feed.reaches && (record.state !== 'running' || buffer.openStep() !== undefined);

  const wakeUp = createWakeUp(look, {
    retryMs: RETRY_MS,
    again: () => !ended && (askWorkflow || isUnhinted()),
    againMs: AGAIN_MS,
    failed: (error) => deps.log.debug({ err: error, turnId }, 'turn not readable at the moment'),
  });
  const ask = () => {
    askWorkflow = true;
    wakeUp.hint();
  };
  const hints = hintOnChange(deps, turn, {
    look: wakeUp.hint,
    ask,
    isBehind: (seq) => !ended && buffer.lastSeq() < seq,
  });

  const beforeEnd = () => buffer.events().filter((event) => !isTerminal(event));
  return {
    ready: wakeUp.first,
    snapshotSeq: () => beforeEnd().length,
    snapshot() {
      const state = deps.observer.snapshotAfter({ turnId, sessionId, ordinal, agent }, beforeEnd(), usage);
      return record.state === 'queued' || record.state === 'starting'
        ? { ...state, status: 'queued' }
        : state;
    },
    lastSeq: buffer.lastSeq,
    ended: () => ended,
    async follow(place, reader) {
      // A reader may have read elsewhere what no hint has told us of yet.
      if (!buffer.has(place)) {
        askWorkflow = true;
        await Promise.race([wakeUp.refresh(), aborted(reader.gone)]);
      }
      const step = buffer.closedStepAt(place);
      if (step !== undefined) await writeMissedDeltas(step, place, reader);
      await audience.follow(place, reader);
    },
    async [Symbol.asyncDispose]() {
      hints[Symbol.dispose]();
      await wakeUp[Symbol.asyncDispose]();
    },
  };
}

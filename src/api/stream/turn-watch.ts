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

/** The one watcher of a turn in this process: hint → one coalesced query → buffer → all readers. */
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
/** Where no feed reaches: how often a queued turn, or the deltas of a step in progress, are looked at, in milliseconds. */
const UNHINTED_MS = 100;

/** Watches a turn until it is disposed of. */
export function createTurnWatch(deps: WatchDeps, turn: TurnRecord): TurnWatch {
  const { id: turnId, sessionId, ordinal, agent } = turn;
  const source = createTurnSource(deps, turn);
  const buffer = createFrameBuffer(ordinal);
  const audience = createAudience(buffer);
  let { record, usage, ended, position }: Pick<Look, 'record' | 'usage' | 'ended' | 'position'> = {
    record: turn,
    usage: turn.usage,
    ended: false,
    position: LOG_START,
  };

  const look = async () => {
    for (let more = !ended; more; ) {
      const found = await source.look(position);
      // Before the events: those of a finished step supersede its deltas.
      await lookAtDeltas();
      if (found.reset) {
        buffer.clear();
        audience.reset();
      }
      buffer.append(found.events);
      audience.grown();
      ({ record, usage, ended, more, position } = found);
    }
    await lookAtDeltas();
    if (ended) audience.end();
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

  const wakeUp = createWakeUp(look, {
    retryMs: RETRY_MS,
    again: () =>
      !ended && !deps.feed.reaches && (record.state !== 'running' || buffer.openStep() !== undefined),
    againMs: UNHINTED_MS,
    failed: (error) => deps.log.debug({ err: error, turnId }, 'turn not readable at the moment'),
  });
  const hints = hintOnChange(deps, turn, wakeUp.hint);

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
      if (!buffer.has(place)) await Promise.race([wakeUp.refresh(), aborted(reader.gone)]);
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

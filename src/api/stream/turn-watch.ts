import type { Logger } from 'pino';
import { isTerminal, type TurnSnapshot } from '../../contract/index.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { Store, TurnRecord } from '../../store/store.ts';
import { LOG_START, type TurnObserver } from '../../temporal/turn-observer.ts';
import { createFrameBuffer, encodeFrame, type Frame, type FrameBuffer } from './frame-buffer.ts';
import { hintOnChange } from './turn-hints.ts';
import { createTurnSource, type Look } from './turn-source.ts';
import { createWakeUp } from './wake-up.ts';

export interface WatchDeps {
  store: Store;
  observer: TurnObserver;
  feed: LiveFeed;
  log: Logger;
}

/** One reader of a turn. */
export interface TurnReader {
  write(frames: Frame): void;
  /** The turn has ended and everything is written. */
  end(): void;
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
  /** Writes what is behind the place, and from then on everything new. Unknown place: a `reset` first. */
  join(place: { seq: number; n: number }, reader: TurnReader): void;
  leave(reader: TurnReader): void;
}

/** How soon a look that failed is repeated, in milliseconds. */
const RETRY_MS = 500;
/** Where no feed reaches: how often a queued turn, or the deltas of a step in progress, are looked at, in milliseconds. */
const UNHINTED_MS = 100;

const RESET = encodeFrame('reset', { type: 'reset' });

/** Watches a turn until it is disposed of. */
export function createTurnWatch(deps: WatchDeps, turn: TurnRecord): TurnWatch {
  const { id: turnId, sessionId, ordinal, agent } = turn;
  const source = createTurnSource(deps, turn);
  const buffer = createFrameBuffer(ordinal);
  const readers = createAudience();
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
        readers.send([RESET]);
      }
      readers.send(buffer.append(found.events));
      ({ record, usage, ended, more, position } = found);
    }
    await lookAtDeltas();
    if (ended) readers.end();
  };

  const lookAtDeltas = async () => {
    const step = buffer.openStep();
    if (step !== undefined) readers.send(buffer.appendDeltas(await source.deltas(step, buffer.lastDelta())));
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
    join(place, reader) {
      const frames = framesFrom(buffer, place);
      if (frames.length > 0) reader.write(Buffer.concat(frames));
      if (ended) reader.end();
      else readers.add(reader);
    },
    leave: readers.remove,
    async [Symbol.asyncDispose]() {
      hints[Symbol.dispose]();
      await wakeUp[Symbol.asyncDispose]();
    },
  };
}

function framesFrom(buffer: FrameBuffer, place: { seq: number; n: number }): Frame[] {
  return buffer.after(place) ?? [RESET, ...(buffer.after({ seq: 0, n: 0 }) ?? [])];
}

/** The readers of one turn: each gets the same bytes, in one write however many frames there are. */
function createAudience() {
  const readers = new Set<TurnReader>();
  return {
    add: (reader: TurnReader) => readers.add(reader),
    remove: (reader: TurnReader) => readers.delete(reader),
    send(frames: Frame[]) {
      const [first] = frames;
      if (!first) return;
      const bytes = frames.length === 1 ? first : Buffer.concat(frames);
      for (const reader of readers) reader.write(bytes);
    },
    end() {
      for (const reader of readers) reader.end();
      readers.clear();
    },
  };
}

import type { TurnSnapshot } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import type { TurnObserver } from '../../temporal/turn/turn-observer.ts';
import { aborted } from './aborted.ts';
import type { Cursor } from './cursor.ts';
import { deltaMessage } from './event-buffer.ts';
import type { HintDeps } from './hints.ts';
import type { StreamReader } from './readers.ts';
import { createTurnHintHandlers, createTurnLook } from './turn-look.ts';
import { createTurnProgress } from './turn-progress.ts';
import { createTurnSource, type TurnSourceDeps } from './turn-source.ts';
import { createWatch, type Watch } from './watch.ts';

export interface TurnWatchDeps extends HintDeps, TurnSourceDeps {
  observer: TurnObserver;
}

/** The watch of a turn, which knows its state too. */
export interface TurnWatch extends Omit<Watch<Cursor>, 'refresh'> {
  /** The state up to the last event, or just before the end. */
  snapshot(): TurnSnapshot;
  /** Number of the last event in {@link TurnWatch.snapshot}. */
  snapshotSeq(): number;
  lastSeq(): number;
}

/**
 * How often is looked without a hint, in milliseconds: where no feed reaches, at a queued turn and at the deltas of a step
 * in progress; and everywhere while the workflow owes an answer.
 */
const AGAIN_MS = 100;

/** Watches a turn until it is disposed of. */
export function createTurnWatch(deps: TurnWatchDeps, turn: TurnRecord): TurnWatch {
  const source = createTurnSource(deps, turn);
  const progress = createTurnProgress(turn);
  const turnLook = createTurnLook(source, progress, deps.log);
  const { buffer } = progress;

  const isUnhinted = () =>
    !deps.feed.reaches && (progress.record().state !== 'running' || buffer.openStep() !== undefined);

  const watch = createWatch(deps, {
    followed: { turnId: turn.id },
    frames: buffer,
    look: turnLook.look,
    handlers: (lookSoon) => createTurnHintHandlers(turn, deps.feed.reaches, progress, turnLook, lookSoon),
    ended: progress.ended,
    again: () => turnLook.asksWorkflow() || isUnhinted(),
    againMs: AGAIN_MS,
  });

  /** A reader that left in the middle of a step gets its other pieces, as long as they are kept, before what supersedes them. */
  const writeMissedDeltas = async (step: number, cursor: Cursor, reader: StreamReader) => {
    const missed = await source.deltas(step, cursor.n);
    const frames = missed.map((delta) => reader.encoder.encode(deltaMessage(cursor, delta)));
    if (frames.length > 0 && !reader.write(Buffer.concat(frames))) await reader.drained();
  };

  return {
    ...watch,
    snapshot: progress.snapshot,
    snapshotSeq: progress.snapshotSeq,
    lastSeq: buffer.lastSeq,
    async follow(cursor, reader) {
      // A reader may have read elsewhere what no hint has told us of yet.
      if (!buffer.has(cursor)) {
        turnLook.askWorkflow();
        await Promise.race([watch.refresh(), aborted(reader.gone)]);
      }
      const step = buffer.closedStepAt(cursor);
      if (step !== undefined) await writeMissedDeltas(step, cursor, reader);
      await watch.follow(cursor, reader);
    },
  };
}

import { isTerminal, type TurnSnapshot } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import { LOG_START, type TurnObserver } from '../../temporal/turn/turn-observer.ts';
import { aborted } from './aborted.ts';
import type { Cursor } from './cursor.ts';
import { createEventBuffer, deltaMessage } from './event-buffer.ts';
import type { HintDeps } from './hints.ts';
import type { StreamReader } from './readers.ts';
import type { Subscribers } from './subscribers.ts';
import { createTurnEars } from './turn-hints.ts';
import { createTurnSource, type Look, type TurnSourceDeps } from './turn-source.ts';
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
  const { id: turnId, sessionId, ordinal, agent } = turn;
  const source = createTurnSource(deps, turn);
  const buffer = createEventBuffer(ordinal);
  let usage = turn.usage;
  let { record, ended, position }: Pick<Look, 'record' | 'ended' | 'position'> = {
    record: turn,
    ended: false,
    position: LOG_START,
  };

  // The first look asks the workflow, and so does one that is to find what was hinted and did not come.
  let askWorkflow = true;

  const look = async (subscribers: Subscribers<Cursor>) => {
    await lookOnce(subscribers, false);
    if (!askWorkflow || ended) return;
    askWorkflow = false;
    try {
      for (let more = record.state === 'running'; more; ) more = await lookOnce(subscribers, true);
    } catch (error) {
      // No worker answers: what is stored is shown all the same, and it is asked again.
      askWorkflow = true;
      deps.log.debug({ err: error, turnId }, 'workflow does not answer at the moment');
    }
  };

  const lookOnce = async (subscribers: Subscribers<Cursor>, asksWorkflow: boolean): Promise<boolean> => {
    const found = await source.look(position, asksWorkflow);
    // Before the events: those of a finished step supersede its deltas.
    await lookAtDeltas(subscribers);
    if (found.reset) {
      buffer.clear();
      subscribers.reset();
    }
    buffer.append(found.events);
    subscribers.grown();
    ({ record, ended, position, usage = usage } = found);
    if (found.setBack) askWorkflow = true;
    await lookAtDeltas(subscribers);
    if (ended) subscribers.end();
    return found.more && !ended;
  };

  const lookAtDeltas = async (subscribers: Subscribers<Cursor>) => {
    const step = buffer.openStep();
    if (step === undefined) return;
    buffer.appendDeltas(await source.deltas(step, buffer.lastDelta()));
    subscribers.grown();
  };

  /** A reader that left in the middle of a step gets its other pieces, as long as they are kept, before what supersedes them. */
  const writeMissedDeltas = async (step: number, cursor: Cursor, reader: StreamReader) => {
    const missed = await source.deltas(step, cursor.n);
    const frames = missed.map((delta) => reader.encoder.encode(deltaMessage(cursor, delta)));
    if (frames.length > 0 && !reader.write(Buffer.concat(frames))) await reader.drained();
  };

  const isUnhinted = () =>
    !deps.feed.reaches && (record.state !== 'running' || buffer.openStep() !== undefined);

  const watch = createWatch(deps, {
    followed: { turnId },
    frames: buffer,
    look,
    ears: (lookSoon) =>
      createTurnEars(turn, deps.feed.reaches, {
        look: lookSoon,
        ask() {
          askWorkflow = true;
          lookSoon();
        },
        isBehind: (seq) => !ended && buffer.lastSeq() < seq,
      }),
    ended: () => ended,
    again: () => askWorkflow || isUnhinted(),
    againMs: AGAIN_MS,
  });

  const beforeEnd = () => buffer.events().filter((event) => !isTerminal(event));
  return {
    ...watch,
    snapshotSeq: () => beforeEnd().length,
    snapshot() {
      const state = deps.observer.snapshotAfter({ turnId, sessionId, ordinal, agent }, beforeEnd(), usage);
      return record.state === 'queued' || record.state === 'starting'
        ? { ...state, status: 'queued' }
        : state;
    },
    lastSeq: buffer.lastSeq,
    async follow(cursor, reader) {
      // A reader may have read elsewhere what no hint has told us of yet.
      if (!buffer.has(cursor)) {
        askWorkflow = true;
        await Promise.race([watch.refresh(), aborted(reader.gone)]);
      }
      const step = buffer.closedStepAt(cursor);
      if (step !== undefined) await writeMissedDeltas(step, cursor, reader);
      await watch.follow(cursor, reader);
    },
  };
}

import type { TurnRecord } from '../../store/store.ts';
import type { Cursor } from './cursor.ts';
import type { HintDeps, HintHandlers } from './hints.ts';
import type { Subscribers } from './subscribers.ts';
import type { TurnProgress } from './turn-progress.ts';
import type { TurnSource } from './turn-source.ts';

/** Looks at a turn: asks its source, adds what is new to its progress, and tells the subscribers. */
export interface TurnLook {
  /** Looks at the store and, where it is due, at the workflow. Throws when the store does not answer at the moment. */
  look(subscribers: Subscribers<Cursor>): Promise<void>;
  /** The next look asks the workflow too. */
  askWorkflow(): void;
  /** Whether the workflow is still to be asked. */
  asksWorkflow(): boolean;
}

/** How long the store may take to have what the workflow's log has grown to, in milliseconds; then the workflow is asked. */
const CARRIED_WITHIN_MS = 100;

export function createTurnLook(source: TurnSource, progress: TurnProgress, log: HintDeps['log']): TurnLook {
  const { buffer } = progress;
  // The first look asks the workflow, and so does one that is to find what was hinted and did not come.
  let asks = true;

  const lookAtDeltas = async (subscribers: Subscribers<Cursor>) => {
    const step = buffer.openStep();
    if (step === undefined) return;
    buffer.appendDeltas(await source.deltas(step, buffer.lastDelta()));
    subscribers.grown();
  };

  const lookOnce = async (subscribers: Subscribers<Cursor>, asksWorkflow: boolean): Promise<boolean> => {
    const found = await source.look(progress.logCursor(), asksWorkflow);
    // Before the events: those of a finished step supersede its deltas.
    await lookAtDeltas(subscribers);
    progress.add(found);
    if (found.reset) subscribers.reset();
    subscribers.grown();
    if (found.setBack) asks = true;
    await lookAtDeltas(subscribers);
    if (found.ended) subscribers.end();
    return found.more && !found.ended;
  };

  return {
    async look(subscribers) {
      await lookOnce(subscribers, false);
      if (!asks || progress.ended()) return;
      asks = false;
      try {
        for (let more = progress.record().state === 'running'; more; ) {
          more = await lookOnce(subscribers, true);
        }
      } catch (error) {
        // No worker answers: what is stored is shown all the same, and it is asked again.
        asks = true;
        log.debug({ err: error, turnId: progress.record().id }, 'workflow does not answer at the moment');
      }
    },
    askWorkflow() {
      asks = true;
    },
    asksWorkflow: () => asks,
  };
}

/**
 * What hints lead to: a look (`lookSoon`), or one that asks the workflow too. `reaches`: whether the feed tells what the log
 * has grown to.
 */
export function createTurnHintHandlers(
  { id: turnId, sessionId }: TurnRecord,
  reaches: boolean,
  { buffer, ended }: TurnProgress,
  { askWorkflow }: TurnLook,
  lookSoon: () => void,
): HintHandlers & Disposable {
  let askTimer: NodeJS.Timeout | undefined;
  let grownTo = 0;

  const ask = () => {
    askWorkflow();
    lookSoon();
  };
  const expect = (seq: number) => {
    grownTo = Math.max(grownTo, seq);
    askTimer ??= setTimeout(() => {
      askTimer = undefined;
      if (!ended() && buffer.lastSeq() < grownTo) ask();
      grownTo = 0;
    }, CARRIED_WITHIN_MS);
  };

  return {
    hinted(hint) {
      if (hint.topic === 'session' && hint.sessionId === sessionId) lookSoon();
      if (hint.topic !== 'turn' || hint.turnId !== turnId) return;
      if (hint.change === 'grown') expect(hint.seq);
      else if (hint.change === 'uncarried') ask();
      else lookSoon();
    },
    changed() {
      lookSoon();
      // History does not tell what the log has grown to.
      if (!reaches) expect(Number.POSITIVE_INFINITY);
    },
    // What was missed may be in the workflow only.
    missed: ask,
    [Symbol.dispose]: () => clearTimeout(askTimer),
  };
}

import type { TurnRecord } from '../../store/store.ts';
import type { HintHandlers } from './hints.ts';

/** How long the store may take to have what the workflow's log has grown to, in milliseconds; then the workflow is asked. */
const CARRIED_WITHIN_MS = 100;

/** What a hint about a turn leads to. */
export interface TurnHintActions {
  /** The store may have something new. */
  look(): void;
  /** The store has not what it should have by now: ask the workflow. */
  ask(): void;
  /** Whether the event of this number is still missing. */
  isBehind(seq: number): boolean;
}

/** What hints mean to the watch of a turn. `reaches`: whether the feed tells what the log has grown to. */
export function createTurnHintHandlers(
  { id: turnId, sessionId }: TurnRecord,
  reaches: boolean,
  on: TurnHintActions,
): HintHandlers & Disposable {
  let askTimer: NodeJS.Timeout | undefined;
  let grownTo = 0;

  const expect = (seq: number) => {
    grownTo = Math.max(grownTo, seq);
    askTimer ??= setTimeout(() => {
      askTimer = undefined;
      if (on.isBehind(grownTo)) on.ask();
      grownTo = 0;
    }, CARRIED_WITHIN_MS);
  };

  return {
    hinted(hint) {
      if (hint.topic === 'session' && hint.sessionId === sessionId) on.look();
      if (hint.topic !== 'turn' || hint.turnId !== turnId) return;
      if (hint.change === 'grown') expect(hint.seq);
      else if (hint.change === 'uncarried') on.ask();
      else on.look();
    },
    changed() {
      on.look();
      // History does not tell what the log has grown to.
      if (!reaches) expect(Number.POSITIVE_INFINITY);
    },
    // What was missed may be in the workflow only.
    missed: on.ask,
    [Symbol.dispose]: () => clearTimeout(askTimer),
  };
}

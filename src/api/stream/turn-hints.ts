import type { TurnRecord } from '../../store/store.ts';
import type { WatchDeps } from './turn-watch.ts';

/** How soon a history that could not be followed is followed again, in milliseconds. */
const RETRY_MS = 500;
/** A turn that is watched for longer than this is also followed through its history, in milliseconds. */
const FOLLOW_AFTER_MS = 2_000;

/** How long the store may take to have what the workflow's log has grown to, in milliseconds; then the workflow is asked. */
const CARRIED_WITHIN_MS = 100;

/** What is done on a hint. */
export interface OnHint {
  /** The store may have something new. */
  look(): void;
  /** The store has not what it should have by now: ask the workflow. */
  ask(): void;
  /** Whether the event of this number is still missing. */
  isBehind(seq: number): boolean;
}

/**
 * Hears that a turn may have changed: from the live feed, and from the engine's history, which tells everything where no
 * feed reaches, and else just the close, which a lost hint must not hide.
 */
export function hintOnChange(
  { feed, observer, log }: WatchDeps,
  { id: turnId, sessionId }: TurnRecord,
  on: OnHint,
): Disposable {
  const closing = new AbortController();
  let followTimer: NodeJS.Timeout | undefined;
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
  const unsubscribe = feed.subscribe((heard) => {
    if (heard.topic === 'session' && heard.sessionId === sessionId) on.look();
    if (heard.topic !== 'turn' || heard.turnId !== turnId) return;
    if (heard.change === 'grown') expect(heard.seq);
    else if (heard.change === 'uncarried') on.ask();
    else on.look();
  });

  const follow = async () => {
    try {
      const options = { closeOnly: feed.reaches, signal: closing.signal };
      for await (const _change of observer.follow(turnId, options)) {
        on.look();
        // History does not tell what the log has grown to.
        if (!feed.reaches) expect(Number.POSITIVE_INFINITY);
      }
    } catch (error) {
      log.debug({ err: error, turnId }, 'history not followed at the moment');
    }
    on.ask();
    if (!closing.signal.aborted) followTimer = setTimeout(follow, RETRY_MS);
  };
  followTimer = setTimeout(follow, feed.reaches ? FOLLOW_AFTER_MS : 0);

  return {
    [Symbol.dispose]() {
      clearTimeout(followTimer);
      clearTimeout(askTimer);
      closing.abort();
      unsubscribe();
    },
  };
}

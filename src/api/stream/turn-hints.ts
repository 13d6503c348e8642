import type { TurnRecord } from '../../store/store.ts';
import type { WatchDeps } from './turn-watch.ts';

/** How soon a history that could not be followed is followed again, in milliseconds. */
const RETRY_MS = 500;
/** A turn that is watched for longer than this is also followed through its history, in milliseconds. */
const FOLLOW_AFTER_MS = 2_000;

/**
 * Calls `hint` whenever a turn may have changed: on hints of the live feed, and on what the engine's history tells,
 * which is everything where no feed reaches, and else just the close, which a lost hint must not hide.
 */
export function hintOnChange(
  { feed, observer, log }: WatchDeps,
  { id: turnId, sessionId }: TurnRecord,
  hint: () => void,
): Disposable {
  const unsubscribe = feed.subscribe((heard) => {
    const concerned =
      heard.topic === 'turn'
        ? heard.turnId === turnId
        : heard.topic === 'session' && heard.sessionId === sessionId;
    if (concerned) hint();
  });

  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const follow = async () => {
    try {
      for await (const _change of observer.follow(turnId, {
        closeOnly: feed.reaches,
        signal: closing.signal,
      }))
        hint();
    } catch (error) {
      log.debug({ err: error, turnId }, 'history not followed at the moment');
    }
    hint();
    if (!closing.signal.aborted) timer = setTimeout(follow, RETRY_MS);
  };
  timer = setTimeout(follow, feed.reaches ? FOLLOW_AFTER_MS : 0);

  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      closing.abort();
      unsubscribe();
    },
  };
}

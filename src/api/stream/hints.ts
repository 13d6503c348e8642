import type { Logger } from 'pino';
import type { Followed, TurnObserver } from '../../temporal/turn/turn-observer.ts';
import { type HearDeps, type Hearer, hear } from './hearing.ts';

/** How soon a history that could not be followed is followed again, in milliseconds. */
const RETRY_MS = 500;
/** What is watched for longer than this is also followed through its workflow's history, in milliseconds. */
const FOLLOW_AFTER_MS = 2_000;

/** What a watch makes of what it hears. */
export interface Ears extends Hearer {
  /** The workflow's history has grown; where the feed reaches, only its close is told. */
  changed(): void;
  /** It has closed, or cannot be followed at the moment. */
  left(): void;
}

export interface HintDeps extends HearDeps {
  observer: Pick<TurnObserver, 'follow'>;
  log: Logger;
}

/**
 * Hears that something may have changed: from the live feed, and from the engine's history, which tells everything where
 * no feed reaches, and else just the close, which a lost hint must not hide.
 */
export function listen(deps: HintDeps, followed: Followed, ears: Ears): Disposable {
  const { feed, observer, log } = deps;
  const closing = new AbortController();
  let followTimer: NodeJS.Timeout | undefined;
  const hearing = hear(deps, ears);

  const follow = async () => {
    try {
      const options = { closeOnly: feed.reaches, signal: closing.signal };
      for await (const _change of observer.follow(followed, options)) ears.changed();
    } catch (error) {
      log.debug({ err: error, ...followed }, 'history not followed at the moment');
    }
    ears.left();
    if (!closing.signal.aborted) followTimer = setTimeout(follow, RETRY_MS);
  };
  followTimer = setTimeout(follow, feed.reaches ? FOLLOW_AFTER_MS : 0);

  return {
    [Symbol.dispose]() {
      clearTimeout(followTimer);
      closing.abort();
      hearing[Symbol.dispose]();
    },
  };
}

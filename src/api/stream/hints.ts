import type { Logger } from 'pino';
import type { Hint, LiveFeed } from '../../feed/live-feed.ts';
import type { Followed, TurnObserver } from '../../temporal/turn/turn-observer.ts';

/** Shortest and longest pause between two looks that nobody hinted at, in milliseconds. Drawn anew each time: readers spread. */
const LOOK_AFTER_MS = { least: 5_000, most: 10_000 };
/** Over how long the looks after a gap in the feed are spread, in milliseconds. */
const SPREAD_MS = 250;
/** How soon a history that could not be followed is followed again, in milliseconds. */
const RETRY_MS = 500;
/** What is watched for longer than this is also followed through its workflow's history, in milliseconds. */
const FOLLOW_AFTER_MS = 2_000;

/** What is done on a hint. */
export interface HintHandlers {
  /** The feed has told something. */
  hinted(hint: Hint): void;
  /** Hints may have been lost, or cannot come at the moment: ask the source. */
  missed(): void;
  /** The workflow's history has grown; where the feed reaches, only its close is told. */
  changed(): void;
}

export interface HintDeps {
  feed: LiveFeed;
  /** When to look again without a hint, in milliseconds; by default 5 to 10 s, at random. */
  lookAfterMs?: () => number;
  observer: Pick<TurnObserver, 'follow'>;
  log: Logger;
}

/** Subscribes to the feed. `missed` is called after each gap that the feed knows of, and every 5 to 10 s for those that it does not. */
export function subscribeToFeed(
  { feed, lookAfterMs = lookAtRandom }: Pick<HintDeps, 'feed' | 'lookAfterMs'>,
  handlers: Omit<HintHandlers, 'changed'>,
): Disposable {
  let gapTimer: NodeJS.Timeout | undefined;
  let lookTimer: NodeJS.Timeout | undefined;
  const unsubscribe = feed.subscribe((hint) => {
    if (hint.topic === 'gap') gapTimer ??= setTimeout(afterGap, Math.random() * SPREAD_MS);
    else handlers.hinted(hint);
  });
  const afterGap = () => {
    gapTimer = undefined;
    handlers.missed();
  };
  const lookLater = () => {
    lookTimer = setTimeout(() => {
      lookLater();
      handlers.missed();
    }, lookAfterMs());
    lookTimer.unref();
  };
  // Where the feed does not reach, the source is asked all the time anyway.
  if (feed.reaches) lookLater();

  return {
    [Symbol.dispose]() {
      unsubscribe();
      clearTimeout(gapTimer);
      clearTimeout(lookTimer);
    },
  };
}

/**
 * Subscribes to the feed and to the history of a workflow, which tells everything where no feed reaches, and else just the
 * close, which a lost hint must not hide.
 */
export function subscribeToHints(deps: HintDeps, followed: Followed, handlers: HintHandlers): Disposable {
  const { feed, observer, log } = deps;
  const closing = new AbortController();
  let followTimer: NodeJS.Timeout | undefined;
  const subscription = subscribeToFeed(deps, handlers);

  const follow = async () => {
    try {
      const options = { closeOnly: feed.reaches, signal: closing.signal };
      for await (const _change of observer.follow(followed, options)) handlers.changed();
    } catch (error) {
      log.debug({ err: error, ...followed }, 'history not followed at the moment');
    }
    handlers.missed();
    if (!closing.signal.aborted) followTimer = setTimeout(follow, RETRY_MS);
  };
  followTimer = setTimeout(follow, feed.reaches ? FOLLOW_AFTER_MS : 0);

  return {
    [Symbol.dispose]() {
      clearTimeout(followTimer);
      closing.abort();
      subscription[Symbol.dispose]();
    },
  };
}

function lookAtRandom(): number {
  return LOOK_AFTER_MS.least + Math.random() * (LOOK_AFTER_MS.most - LOOK_AFTER_MS.least);
}

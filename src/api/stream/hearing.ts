import type { Hint, LiveFeed } from '../../feed/live-feed.ts';

/** Shortest and longest pause between two looks that nobody hinted at, in milliseconds. Drawn anew each time: readers spread. */
const LOOK_AFTER_MS = { least: 5_000, most: 10_000 };
/** Over how long the looks after a gap in the feed are spread, in milliseconds. */
const SPREAD_MS = 250;

/** Who follows something through the feed. */
export interface Hearer {
  heard(hint: Hint): void;
  /** Hints may have been lost: ask the source. */
  missed(): void;
}

export interface HearDeps {
  feed: LiveFeed;
  /** When to look again without a hint, in milliseconds; by default 5 to 10 s, at random. */
  lookAfterMs?: () => number;
}

/**
 * Hears the feed, and makes good what it lost: {@link Hearer.missed} is called after each gap that the feed knows of, and
 * every 5 to 10 s for those that it does not. Where the feed does not reach, the source is asked all the time anyway.
 */
export function hear({ feed, lookAfterMs = lookAtRandom }: HearDeps, hearer: Hearer): Disposable {
  let gapTimer: NodeJS.Timeout | undefined;
  let lookTimer: NodeJS.Timeout | undefined;
  const unsubscribe = feed.subscribe((hint) => {
    if (hint.topic === 'gap') gapTimer ??= setTimeout(afterGap, Math.random() * SPREAD_MS);
    else hearer.heard(hint);
  });
  const afterGap = () => {
    gapTimer = undefined;
    hearer.missed();
  };
  const lookLater = () => {
    lookTimer = setTimeout(() => {
      lookLater();
      hearer.missed();
    }, lookAfterMs());
    lookTimer.unref();
  };
  if (feed.reaches) lookLater();

  return {
    [Symbol.dispose]() {
      unsubscribe();
      clearTimeout(gapTimer);
      clearTimeout(lookTimer);
    },
  };
}

function lookAtRandom(): number {
  return LOOK_AFTER_MS.least + Math.random() * (LOOK_AFTER_MS.most - LOOK_AFTER_MS.least);
}

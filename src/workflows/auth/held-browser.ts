import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { heldProxies } from './proxies.ts';

type Activities = Omit<ReturnType<typeof heldProxies>, 'holdBrowser' | 'reholdBrowser' | 'closeBrowser'>;

/** The browser context of a flow, in one worker's hands. */
export interface HeldBrowser {
  readonly activities: Activities;
  /** The context is closed, has crashed, or its worker is gone. */
  isGone(): boolean;
  /** Its worker has no room left for another login: park it when that can be done. */
  isWanted(): boolean;
  /** Closes the context; never throws. */
  close(): Promise<void>;
  /** The context is closed already: holds it no longer. */
  release(): void;
}

/** Holds a context: an activity runs on the worker's queue for as long as it is open. */
export function holdBrowserOf(flowId: string, queue: string): HeldBrowser {
  const { holdBrowser, reholdBrowser, closeBrowser, ...activities } = heldProxies(queue);
  let gone = false;
  let wanted = false;
  let holding: CancellationScope | undefined;

  /** A holder that falls silent may have been starved: whoever still answers on the queue still has the context. */
  const hold = async (): Promise<void> => {
    let run = holdBrowser;
    while (!gone) {
      try {
        const news = await run({ flowId });
        run = holdBrowser;
        // It is still open, and may crash.
        if (news === 'wanted') wanted = true;
        else gone = true;
      } catch (error) {
        run = reholdBrowser;
        if (isCancellation(error) || heldFailure(error) !== 'unknown') gone = true;
      }
    }
  };
  // Shielded: a flow that is cancelled still has to close its browser, and then the holder ends by itself.
  void CancellationScope.nonCancellable(async () => {
    holding = new CancellationScope();
    await holding.run(hold);
  });
  return {
    activities,
    isGone: () => gone,
    isWanted: () => wanted,
    async close() {
      if (!gone) await closeBrowser({ flowId }).catch(() => undefined);
      holding?.cancel();
    },
    release() {
      gone = true;
      holding?.cancel();
    },
  };
}

/** What the failure of an activity on a worker's queue means. */
export type HeldFailure =
  /** It was never begun. */
  | 'not_begun'
  /** The browser was gone when it began. */
  | 'context_gone'
  /** It was begun, and what came of it is not known. */
  | 'unknown';

/** Throws cancellations and what is no failure of an activity. */
export function heldFailure(error: unknown): HeldFailure {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') return 'not_begun';
  if (cause instanceof ApplicationFailure && cause.type === 'context_gone') return 'context_gone';
  return 'unknown';
}

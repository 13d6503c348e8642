import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { heldProxies } from './proxies.ts';

/*
 * The held browser: a flow's browser context lives in one worker process, and its workflow knows whether it still does.
 *
 * `openLogin` or `resumeLogin` opens the context and answers the task queue of its worker alone; what works on the page runs on
 * that queue, once, and is not retried. Beside it runs `holdBrowser` on the same queue, for as long as the context is open,
 * heartbeating. States of the context, as the workflow sees it:
 *
 *   held    `holdBrowser` runs.
 *   wanted  `holdBrowser` has answered that another login needs the context's slot. The context is still open and is held
 *           again; the flow parks its page as soon as it can.
 *   gone    the context is closed or has crashed (`holdBrowser` answers, or an activity fails with `context_gone`), its
 *           worker is gone (`holdBrowser` is not begun in time), or the flow has closed or released it. Final.
 *
 * A `holdBrowser` that stops heartbeating may run in a process that is only starved: it is scheduled again with a short time
 * to begin, and only where nobody begins it the context is gone. An act that is under way when the context is gone has an
 * unknown outcome. A flow whose context is gone begins again at its entry (`BrowserLost`).
 */

type Activities = Omit<ReturnType<typeof heldProxies>, 'holdBrowser' | 'reholdBrowser' | 'closeBrowser'>;

/** The browser context of a flow, in one worker's hands. */
export interface HeldBrowser {
  readonly activities: Activities;
  isGone(): boolean;
  isWanted(): boolean;
  /** Closes the context; never throws. */
  close(): Promise<void>;
  /** Stops holding a context that is closed already. */
  release(): void;
}

/** Begins to hold the context that a worker has opened for a flow. */
export function holdBrowserOf(flowId: string, queue: string): HeldBrowser {
  const { holdBrowser, reholdBrowser, closeBrowser, ...activities } = heldProxies(queue);
  let gone = false;
  let wanted = false;
  let holding: CancellationScope | undefined;

  const hold = async (): Promise<void> => {
    let run = holdBrowser;
    while (!gone) {
      try {
        const news = await run({ flowId });
        run = holdBrowser;
        if (news === 'wanted') wanted = true;
        else gone = true;
      } catch (error) {
        run = reholdBrowser;
        if (isCancellation(error) || heldFailure(error) !== 'unknown') gone = true;
      }
    }
  };
  // A flow that is cancelled still has to close its browser; `holdBrowser` ends with that.
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

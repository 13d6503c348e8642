import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Logger } from 'pino';

/**
 * How many attempts of a task that is not for this store are left to other workers: about 15 s of them. Unlike a turn, what it
 * is for may be deleted, and then no worker has it: its workflow must come to its end. Attempts are counted and no time, since
 * a task may have stood in the queue for hours before its first.
 */
const LEFT_ATTEMPTS = 33;
/** When the engine hands such a task out again, in milliseconds; up to twice of it, so that workers take turns. */
const AGAIN_MS = 300;

/** Activities that leave to another worker what is not in this worker's store: two installations share a queue. */
export interface LeftToOthers {
  /** Retried by the engine, for a while; then it is run here. */
  patiently<I, O>(
    isHere: (input: I) => Promise<boolean>,
    run: (input: I) => Promise<O>,
  ): (input: I) => Promise<O>;
  /** Fails at once: the workflow gives it out again. */
  atOnce<I, O>(
    isHere: (input: I) => Promise<boolean>,
    run: (input: I) => Promise<O>,
  ): (input: I) => Promise<O>;
}

/** `type`: of the failure; `what`: what a task is, for the log. */
export function leftToOthers({ type, what, log }: { type: string; what: string; log: Logger }): LeftToOthers {
  function notHere(nonRetryable: boolean): ApplicationFailure {
    const { activityType, attempt, workflowExecution } = Context.current().info;
    log.warn(
      { activityType, attempt, workflowId: workflowExecution?.workflowId },
      `${what} that is not in the store of this worker: it is left to the worker that has it`,
    );
    return ApplicationFailure.create({
      type,
      message: 'What the task is for is not in the store of the worker that took it.',
      nonRetryable,
      nextRetryDelay: AGAIN_MS * (1 + Math.random()),
    });
  }
  return {
    patiently: (isHere, run) => async (input) => {
      if (!(await isHere(input)) && Context.current().info.attempt <= LEFT_ATTEMPTS) throw notHere(false);
      return await run(input);
    },
    atOnce: (isHere, run) => async (input) => {
      if (!(await isHere(input))) throw notHere(true);
      return await run(input);
    },
  };
}

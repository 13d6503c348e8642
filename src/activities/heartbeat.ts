import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';

/** How often a long activity tells the engine that it lives, in milliseconds. */
const HEARTBEAT_MS = 1_000;

/** How soon another worker takes over what a stopping worker gave up, in milliseconds. */
const HANDOVER_MS = 100;

/**
 * Runs the work while a timer heartbeats, every second by default; a cancellation arrives through the heartbeat as an aborted
 * signal.
 */
export async function heartbeating<T>(
  work: (signal: AbortSignal) => Promise<T>,
  everyMs: number = HEARTBEAT_MS,
): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}

/** Why an activity's signal was aborted: by the workflow, by this worker's end, or because the engine gave the attempt up. */
export function abortReason(signal: AbortSignal): 'cancelled' | 'shutdown' | 'lost' | undefined {
  if (!signal.aborted) return undefined;
  const message = signal.reason instanceof Error ? signal.reason.message : '';
  if (message === 'WORKER_SHUTDOWN') return 'shutdown';
  return message === 'CANCELLED' ? 'cancelled' : 'lost';
}

/** How an aborted activity ends: a cancellation is one only where the workflow asked for it. */
export function abortFailure(signal: AbortSignal): Error {
  if (abortReason(signal) === 'cancelled') return new CancelledFailure('CANCELLED');
  return ApplicationFailure.create({
    type: 'attempt_given_up',
    message: 'This worker gave the attempt up; another one takes over.',
    nextRetryDelay: HANDOVER_MS,
  });
}

/**
 * Runs work that must not be cut short when merely the attempt is given up by the engine: its result will be looked for.
 * Where it was given up because the turn is over, which the engine does not say, the work is aborted after all.
 */
export async function untilCancelled<T>(
  signal: AbortSignal,
  isTurnOver: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    // A store that is away for a moment is asked again.
    if (await isTurnOver().catch(() => false)) controller.abort(new Error('CANCELLED'));
  };
  const pass = () => {
    if (abortReason(signal) !== 'lost') controller.abort(signal.reason);
    else timer = setInterval(look, HEARTBEAT_MS);
  };
  if (signal.aborted) pass();
  else signal.addEventListener('abort', pass, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    signal.removeEventListener('abort', pass);
    clearInterval(timer);
  }
}

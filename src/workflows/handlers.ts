import type { QueryDefinition, SignalDefinition, UpdateDefinition } from '@temporalio/common';
// biome-ignore lint/style/noRestrictedImports: the one place in which handlers are registered.
import { ApplicationFailure, log, setHandler, TemporalFailure } from '@temporalio/workflow';
import { isSignalRefused, refuseUnsealed } from './sealed-run.ts';
import { named } from './seals.ts';

/**
 * Registers the handlers of a workflow's messages. An error that a handler did not mean (anything but a
 * `TemporalFailure`) would fail the workflow task, again at each retry, until another version is deployed: one broken
 * message would hold up the whole workflow. Here it refuses the message instead.
 */
export interface HandlerOptions<A extends unknown[]> {
  /** Refuses an Update before it is in history: by throwing. Runs without effects. */
  validator?: (...args: A) => void;
  /** Called before the handler; what it returns is told of an error that the handler did not mean. */
  watch?: () => (error: unknown) => void;
  /** Taken also as versions up to 0.2 send it: see {@link isSignalRefused}. */
  unboundToo?: boolean;
}

/** Handles an Update; an error that is no `TemporalFailure` answers its sender `internal_error`. */
export function handleUpdate<R, A extends unknown[]>(
  definition: UpdateDefinition<R, A>,
  handler: (...args: NoInfer<A>) => R,
  { validator, watch, unboundToo }: HandlerOptions<A> = {},
): void {
  const guarded = (...args: A): R => {
    const onFault = watch?.();
    try {
      return handler(...args);
    } catch (error) {
      if (error instanceof TemporalFailure) throw error;
      report(definition.name, error, onFault);
      throw ApplicationFailure.create({
        type: 'internal_error',
        message: `The message "${definition.name}" could not be handled.`,
        nonRetryable: true,
      });
    }
  };
  setHandler(definition, guarded, {
    validator: (...args: A) => {
      refuseUnsealed(named.update(definition.name), args[0], unboundToo);
      validator?.(...args);
    },
  });
}

/** Handles a signal; one whose handler fails is dropped, and the log tells why. */
export function handleSignal<A extends unknown[]>(
  definition: SignalDefinition<A>,
  handler: (...args: NoInfer<A>) => void,
  { watch, unboundToo }: Pick<HandlerOptions<A>, 'watch' | 'unboundToo'> = {},
): void {
  setHandler(definition, (...args: A) => {
    if (isSignalRefused(named.signal(definition.name), args[0], unboundToo)) return;
    const onFault = watch?.();
    try {
      handler(...args);
    } catch (error) {
      report(definition.name, error, onFault);
    }
  });
}

/** Answers a query. The engine tells its sender of an error, and nothing else comes of it. */
export function handleQuery<R, A extends unknown[]>(
  definition: QueryDefinition<R, A>,
  handler: (...args: NoInfer<A>) => R,
): void {
  setHandler(definition, handler);
}

function report(message: string, error: unknown, onFault: ((error: unknown) => void) | undefined): void {
  log.error('a message could not be handled', { message, error: String(error) });
  onFault?.(error);
}

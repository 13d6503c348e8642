import { ModelError } from './model-provider.ts';

/** One attempt under watch: its signal, and what is to be called with every sign of life. */
export interface Watched {
  signal: AbortSignal;
  progress(): void;
}

/**
 * Runs an attempt that may take as long as it likes while it gets on. Without a sign of life for `idleMs` it is aborted, and
 * fails with a retryable {@link ModelError}, also where it does not react to its signal.
 */
export async function whileAlive<T>(
  { idleMs, signal }: { idleMs: number; signal: AbortSignal },
  attempt: (watched: Watched) => Promise<T>,
): Promise<T> {
  const silence = new AbortController();
  const fallenSilent = Promise.withResolvers<never>();
  // It is raced below; where the attempt wins, nobody waits for it.
  fallenSilent.promise.catch(() => undefined);
  const timer = setTimeout(() => {
    const error = new ModelError('model_unavailable', `The provider sent nothing for ${idleMs} ms.`, {
      retryable: true,
    });
    fallenSilent.reject(error);
    silence.abort(error);
  }, idleMs);
  const running = attempt({
    signal: AbortSignal.any([signal, silence.signal]),
    progress: () => {
      if (!silence.signal.aborted) timer.refresh();
    },
  });
  try {
    return await Promise.race([running, fallenSilent.promise]);
  } finally {
    clearTimeout(timer);
    // An attempt that was left behind may fail later on.
    running.catch(() => undefined);
  }
}

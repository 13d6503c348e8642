/** Repeats a look whenever it is hinted, never two at once, and however many hints come meanwhile, once more after. */
export interface WakeUp extends AsyncDisposable {
  hint(): void;
  /** Resolves after the first look that did not fail. */
  readonly first: Promise<void>;
  /** Resolves after the time, or at the end. */
  pause(ms: number): Promise<void>;
}

export interface WakeUpOptions {
  /** When a look that failed is repeated, in milliseconds. */
  retryMs: number;
  /** Whether to look again without a hint. */
  again(): boolean;
  againMs: number;
  failed(error: unknown): void;
}

/** Looks at once, and then on every hint. */
export function createWakeUp(look: () => Promise<void>, options: WakeUpOptions): WakeUp {
  const ended = new AbortController();
  const first = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  let hinted = false;
  let timer: NodeJS.Timeout | undefined;

  const later = (ms: number) => {
    clearTimeout(timer);
    if (!ended.signal.aborted) timer = setTimeout(wake, ms);
  };
  const rounds = async () => {
    do {
      hinted = false;
      try {
        await look();
        first.resolve();
        if (options.again()) later(options.againMs);
      } catch (error) {
        options.failed(error);
        later(options.retryMs);
      }
    } while (hinted && !ended.signal.aborted);
    running = undefined;
  };
  const wake = () => {
    hinted = true;
    if (!ended.signal.aborted) running ??= rounds();
  };

  wake();
  return {
    hint: wake,
    first: first.promise,
    pause: (ms) =>
      new Promise((resolve) => {
        const pauseTimer = setTimeout(resolve, ms);
        ended.signal.addEventListener('abort', () => {
          clearTimeout(pauseTimer);
          resolve();
        });
      }),
    async [Symbol.asyncDispose]() {
      ended.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

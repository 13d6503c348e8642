/** Repeats a look whenever it is hinted, never two at once, and however many hints come meanwhile, once more after. */
export interface WakeUp extends AsyncDisposable {
  hint(): void;
  /** Looks again; resolves after a look that began later than this call and did not fail. */
  refresh(): Promise<void>;
  /** Resolves after the first look that did not fail. */
  readonly first: Promise<void>;
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
  let running: Promise<void> | undefined;
  let hinted = false;
  let timer: NodeJS.Timeout | undefined;
  let waiting: (() => void)[] = [];

  const later = (ms: number) => {
    clearTimeout(timer);
    if (!ended.signal.aborted) timer = setTimeout(wake, ms);
  };
  const rounds = async () => {
    do {
      hinted = false;
      const served = waiting;
      waiting = [];
      try {
        await look();
        for (const resolve of served) resolve();
        if (options.again()) later(options.againMs);
      } catch (error) {
        waiting.push(...served);
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

  const refresh = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      wake();
    });

  const first = refresh();
  return {
    hint: wake,
    refresh,
    first,
    async [Symbol.asyncDispose]() {
      ended.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

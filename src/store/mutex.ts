/** Lets one holder in at a time, in the order of asking. */
export interface Mutex {
  acquire(): Promise<void>;
  release(): void;
}

export function createMutex(): Mutex {
  let held = false;
  const waiting: (() => void)[] = [];
  return {
    acquire() {
      if (held) return new Promise((resolve) => waiting.push(resolve));
      held = true;
      return Promise.resolve();
    },
    release() {
      const next = waiting.shift();
      if (next) next();
      else held = false;
    },
  };
}

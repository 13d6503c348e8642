import type { StoreEye } from './store-eye.ts';

/** Waits for turns' ends by looking at their rows. */
export interface Ends extends Disposable {
  /** Resolves once the turn's row says that it has ended; as exact as the looks are frequent. */
  of(turnId: string): Promise<void>;
}

export function watchEnds(eye: StoreEye, everyMs: number): Ends {
  const awaited = new Map<string, () => void>();
  const look = () => {
    if (awaited.size === 0) return;
    const open = new Set(eye.open());
    for (const [turnId, ended] of awaited) {
      if (open.has(turnId)) continue;
      awaited.delete(turnId);
      ended();
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    of: (turnId) => new Promise((resolve) => awaited.set(turnId, resolve)),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

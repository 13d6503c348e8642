/** Why a holder ends although its context is open: another login needs the room. */
export type Wanted = 'wanted';

interface Holder {
  give(): void;
}

/** The contexts that this worker holds, longest first, and which of them are at work. */
export interface Holders {
  /** Resolves when the context is wanted for another login. Release it when the holder ends. */
  hold(flowId: string): { wanted: Promise<Wanted>; release(): void };
  /** Runs work on a context, which is not wanted meanwhile. */
  busy<T>(flowId: string, work: () => Promise<T>): Promise<T>;
  /** Asks for the context that has been held for the longest and is not at work. */
  want(): void;
}

export function createHolders(): Holders {
  const holders = new Map<string, Holder>();
  const working = new Map<string, number>();
  const count = (flowId: string, by: 1 | -1) => {
    const now = (working.get(flowId) ?? 0) + by;
    if (now === 0) working.delete(flowId);
    else working.set(flowId, now);
  };
  return {
    hold(flowId) {
      const { promise, resolve } = Promise.withResolvers<Wanted>();
      const holder: Holder = { give: () => resolve('wanted') };
      holders.set(flowId, holder);
      const release = () => {
        if (holders.get(flowId) === holder) holders.delete(flowId);
      };
      return { wanted: promise, release };
    },
    async busy(flowId, work) {
      count(flowId, 1);
      try {
        return await work();
      } finally {
        count(flowId, -1);
      }
    },
    want() {
      for (const [flowId, holder] of holders) {
        if (working.has(flowId)) continue;
        holders.delete(flowId);
        holder.give();
        return;
      }
    },
  };
}

/** A hold on the answer of one POST. */
export interface Gate {
  /** Resolves once the POST was received *and* acted on; only its answer is held back. */
  arrived: Promise<void>;
  /** Lets the answer go; harmless when called twice or before anything arrived. */
  release(): void;
}

/** Holds on answers, by scenario. */
export interface Gates {
  holdNext(scenario: string): Gate;
  /** Called before a POST's answer is sent; returns once it may go. */
  pass(scenario: string): Promise<void>;
  /** Lets everything go. */
  releaseAll(): void;
}

interface Hold {
  arrived: PromiseWithResolvers<void>;
  released: PromiseWithResolvers<void>;
}

/** No holds yet. */
export function createGates(): Gates {
  const waiting = new Map<string, Hold[]>();
  const holds = new Set<Hold>();
  return {
    holdNext(scenario) {
      const hold: Hold = { arrived: Promise.withResolvers(), released: Promise.withResolvers() };
      holds.add(hold);
      waiting.set(scenario, [...(waiting.get(scenario) ?? []), hold]);
      return { arrived: hold.arrived.promise, release: () => hold.released.resolve() };
    },
    async pass(scenario) {
      const hold = waiting.get(scenario)?.shift();
      if (hold === undefined) return;
      hold.arrived.resolve();
      await hold.released.promise;
      holds.delete(hold);
    },
    releaseAll() {
      for (const hold of holds) hold.released.resolve();
      holds.clear();
      waiting.clear();
    },
  };
}

import { BrowserError } from '../login-browser.ts';
import type { Flow } from './flow.ts';

/** How a context ended. */
export type FlowEnd = 'closed' | 'crashed';

/** The flows that are open in this process. */
export interface FlowTable {
  /** Runs with the flow of an id, which counts as touched meanwhile. Throws `context_gone` where there is none. */
  use<T>(flowId: string, step: string, run: (flow: Flow) => Promise<T>): Promise<T>;
  /**
   * Takes up the flow that `start` makes, in place of one that is open under its id. Throws `capacity_reached` when as
   * many as allowed are open.
   */
  add(flowId: string, start: (onCrash: () => void) => Promise<Flow>): Promise<Flow>;
  /** Runs something that opens a context of its own for a while; counts against the capacity too. */
  withContext<T>(step: string, run: () => Promise<T>): Promise<T>;
  /** Closes the flow of an id; only if it is still this one, where one is given. */
  close(flowId: string, only?: Flow): Promise<void>;
  /** Resolves when the flow has ended; `absent` where there is none, or whoever waits has stopped. */
  gone(flowId: string, signal?: AbortSignal): Promise<FlowEnd | 'absent'>;
  size(): number;
  closeAll(): Promise<void>;
}

interface Entry {
  flow: Flow;
  /** Calls that are using it, and those who wait for its end. */
  users: number;
  idleTimer?: NodeJS.Timeout;
  ended: PromiseWithResolvers<FlowEnd>;
}

/** Keeps at most `maxContexts` open; one that nobody uses or watches for `idleMs` is closed. */
export function createFlowTable({ maxContexts, idleMs }: { maxContexts: number; idleMs: number }): FlowTable {
  const entries = new Map<string, Entry>();
  /** Contexts that are being opened, or are open without being a flow's. */
  let others = 0;

  function retain(entry: Entry): void {
    entry.users += 1;
    clearTimeout(entry.idleTimer);
  }

  function release(flowId: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0 || entries.get(flowId) !== entry) return;
    entry.idleTimer = setTimeout(() => void end(flowId, entry, 'closed'), idleMs);
    entry.idleTimer.unref();
  }

  async function retained<T>(flowId: string, entry: Entry, run: () => Promise<T>): Promise<T> {
    retain(entry);
    try {
      return await run();
    } finally {
      release(flowId, entry);
    }
  }

  async function end(flowId: string, entry: Entry, how: FlowEnd): Promise<void> {
    clearTimeout(entry.idleTimer);
    if (entries.get(flowId) === entry) entries.delete(flowId);
    entry.ended.resolve(how);
    // A context that died with its browser cannot be closed, and need not be.
    await entry.flow.context.close().catch(() => undefined);
  }

  async function counted<T>(step: string, run: () => Promise<T>): Promise<T> {
    if (entries.size + others >= maxContexts) throw new BrowserError('capacity_reached', step);
    others += 1;
    try {
      return await run();
    } finally {
      others -= 1;
    }
  }

  async function close(flowId: string, only?: Flow): Promise<void> {
    const entry = entries.get(flowId);
    if (entry && (only === undefined || entry.flow === only)) await end(flowId, entry, 'closed');
  }

  return {
    async use(flowId, step, run) {
      const entry = entries.get(flowId);
      if (entry === undefined) throw new BrowserError('context_gone', step);
      try {
        return await retained(flowId, entry, () => run(entry.flow));
      } catch (error) {
        // Whatever went wrong went wrong because of that.
        if (entries.get(flowId) !== entry) throw new BrowserError('context_gone', step);
        throw error;
      }
    },
    async add(flowId, start) {
      await close(flowId);
      const holder: { entry?: Entry } = {};
      const crashed = () => {
        if (holder.entry) void end(flowId, holder.entry, 'crashed');
      };
      return counted('open', async () => {
        const flow = await start(crashed);
        // Another call for the same flow may have been faster; the newer one stays.
        await close(flowId);
        const entry: Entry = { flow, users: 1, ended: Promise.withResolvers() };
        holder.entry = entry;
        entries.set(flowId, entry);
        flow.context.once('close', crashed);
        release(flowId, entry);
        return flow;
      });
    },
    withContext: counted,
    close,
    async gone(flowId, signal) {
      const entry = entries.get(flowId);
      if (!entry || signal?.aborted) return 'absent';
      const stopped = Promise.withResolvers<'absent'>();
      const stop = () => stopped.resolve('absent');
      signal?.addEventListener('abort', stop, { once: true });
      return retained(flowId, entry, () => Promise.race([entry.ended.promise, stopped.promise])).finally(() =>
        signal?.removeEventListener('abort', stop),
      );
    },
    size: () => entries.size + others,
    async closeAll() {
      await Promise.all([...entries].map(([flowId, entry]) => end(flowId, entry, 'closed')));
    },
  };
}

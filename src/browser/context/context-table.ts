import { BrowserError } from '../login-browser.ts';
import type { LoginContext } from './login-context.ts';
import {
  type ContextEnd,
  type ContextNews,
  newOpenContext,
  notifyWatchers,
  type OpenContext,
  requestSlots,
} from './open-context.ts';
import { createSlots } from './slots.ts';

/** The login contexts that are open in this process, by flow id. */
export interface ContextTable {
  /** Runs with the context of a flow, which is in use meanwhile. Throws `context_gone` where there is none. */
  use<T>(flowId: string, step: string, run: (login: LoginContext) => Promise<T>): Promise<T>;
  /**
   * Adds the context that `start` opens, in place of one that is open under its id. Where as many as allowed are open, it
   * waits for a slot, and throws `capacity_reached` where none is free in time.
   */
  add(
    flowId: string,
    signal: AbortSignal,
    start: (onCrash: () => void) => Promise<LoginContext>,
  ): Promise<LoginContext>;
  /** Runs something that opens a context of its own for a while; it needs a slot too. */
  withContext<T>(step: string, signal: AbortSignal, run: () => Promise<T>): Promise<T>;
  /** Closes the context of a flow; only if it is still `only`, where that is given. */
  close(flowId: string, only?: LoginContext): Promise<void>;
  /** Resolves with the next news of the context; `absent` where there is none, or the signal is aborted. */
  watch(flowId: string, signal?: AbortSignal): Promise<ContextNews | 'absent'>;
  /** Slots that are taken. */
  size(): number;
  closeAll(): Promise<void>;
}

export interface ContextTableOptions {
  maxContexts: number;
  /** A context that nobody uses or watches for this long is closed, in milliseconds. */
  idleMs: number;
  /** Longest wait for a slot, in milliseconds. */
  roomMs: number;
}

export function createContextTable({ maxContexts, idleMs, roomMs }: ContextTableOptions): ContextTable {
  const entries = new Map<string, OpenContext>();
  const requestWaited = () => requestSlots(entries.values(), slots.waiting());
  const slots = createSlots({ count: maxContexts, maxWaitMs: roomMs, onWait: requestWaited });

  /** A user or watcher has come or gone: the idle timer is set anew. */
  function touched(flowId: string, entry: OpenContext): void {
    clearTimeout(entry.idleTimer);
    if (entry.users > 0 || entries.get(flowId) !== entry) return;
    if (entry.watchers.size > 0) requestWaited();
    else {
      entry.idleTimer = setTimeout(() => void end(flowId, entry, 'closed'), idleMs);
      entry.idleTimer.unref();
    }
  }

  async function end(flowId: string, entry: OpenContext, how: ContextEnd): Promise<void> {
    clearTimeout(entry.idleTimer);
    if (entries.get(flowId) === entry) entries.delete(flowId);
    notifyWatchers(entry, how);
    // Fails where the browser has died: there is nothing to close then.
    await entry.login.context.close().catch(() => undefined);
    entry.release();
  }

  async function close(flowId: string, only?: LoginContext): Promise<void> {
    const entry = entries.get(flowId);
    if (entry && (only === undefined || entry.login === only)) await end(flowId, entry, 'closed');
  }

  return {
    async use(flowId, step, run) {
      const entry = entries.get(flowId);
      if (entry === undefined) throw new BrowserError('context_gone', step);
      entry.users += 1;
      entry.isWanted = false;
      touched(flowId, entry);
      try {
        return await run(entry.login);
      } catch (error) {
        // The context was closed or replaced meanwhile, which is why the work failed.
        if (entries.get(flowId) !== entry) throw new BrowserError('context_gone', step);
        throw error;
      } finally {
        entry.users -= 1;
        touched(flowId, entry);
      }
    },
    async add(flowId, signal, start) {
      await close(flowId);
      const release = await slots.acquire('open', signal);
      const holder: { entry?: OpenContext } = {};
      const crashed = () => {
        if (holder.entry) void end(flowId, holder.entry, 'crashed');
      };
      try {
        const login = await start(crashed);
        // Another call for the same flow may have added one meanwhile: this one replaces it.
        await close(flowId);
        const entry = newOpenContext(login, release);
        holder.entry = entry;
        entries.set(flowId, entry);
        login.context.once('close', crashed);
        touched(flowId, entry);
        return login;
      } catch (error) {
        release();
        throw error;
      }
    },
    async withContext(step, signal, run) {
      const release = await slots.acquire(step, signal);
      return await run().finally(release);
    },
    close,
    async watch(flowId, signal) {
      const entry = entries.get(flowId);
      if (!entry || signal?.aborted) return 'absent';
      const { promise, resolve } = Promise.withResolvers<ContextNews | 'absent'>();
      const stop = () => resolve('absent');
      signal?.addEventListener('abort', stop, { once: true });
      entry.watchers.add(resolve);
      touched(flowId, entry);
      return await promise.finally(() => {
        signal?.removeEventListener('abort', stop);
        entry.watchers.delete(resolve);
        touched(flowId, entry);
      });
    },
    size: slots.taken,
    async closeAll() {
      await Promise.all([...entries].map(([flowId, entry]) => end(flowId, entry, 'closed')));
    },
  };
}

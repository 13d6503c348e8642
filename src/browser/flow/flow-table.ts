import { BrowserError } from '../login-browser.ts';
import type { Flow } from './flow.ts';
import { askForRoom, type FlowEnd, type FlowNews, type OpenFlow, openFlow, tell } from './open-flow.ts';
import { createPlaces } from './places.ts';

/** The flows that are open in this process. */
export interface FlowTable {
  /** Runs with the flow of an id, which counts as touched meanwhile. Throws `context_gone` where there is none. */
  use<T>(flowId: string, step: string, run: (flow: Flow) => Promise<T>): Promise<T>;
  /**
   * Takes up the flow that `start` makes, in place of one that is open under its id. Where as many as allowed are open,
   * it waits for its turn, and throws `capacity_reached` where that does not come in time.
   */
  add(flowId: string, signal: AbortSignal, start: (onCrash: () => void) => Promise<Flow>): Promise<Flow>;
  /** Runs something that opens a context of its own for a while; it needs a place like a flow. */
  withContext<T>(step: string, signal: AbortSignal, run: () => Promise<T>): Promise<T>;
  /** Closes the flow of an id; only if it is still this one, where one is given. */
  close(flowId: string, only?: Flow): Promise<void>;
  /** Resolves with the next news of the flow; `absent` where there is none, or whoever watches has stopped. */
  watch(flowId: string, signal?: AbortSignal): Promise<FlowNews | 'absent'>;
  /** Places that are taken. */
  size(): number;
  closeAll(): Promise<void>;
}

export interface FlowTableOptions {
  maxContexts: number;
  /** A flow that nobody uses or watches for this long is closed, in milliseconds. */
  idleMs: number;
  /** How long a context waits for its place at most, in milliseconds. */
  roomMs: number;
}

export function createFlowTable({ maxContexts, idleMs, roomMs }: FlowTableOptions): FlowTable {
  const entries = new Map<string, OpenFlow>();
  const makeRoom = () => askForRoom(entries.values(), places.inLine());
  const places = createPlaces({ count: maxContexts, patienceMs: roomMs, onLine: makeRoom });

  /** Somebody has begun, or stopped, to use or watch it. */
  function touched(flowId: string, entry: OpenFlow): void {
    clearTimeout(entry.idleTimer);
    if (entry.users > 0 || entries.get(flowId) !== entry) return;
    if (entry.watchers.size > 0) makeRoom();
    else {
      entry.idleTimer = setTimeout(() => void end(flowId, entry, 'closed'), idleMs);
      entry.idleTimer.unref();
    }
  }

  async function end(flowId: string, entry: OpenFlow, how: FlowEnd): Promise<void> {
    clearTimeout(entry.idleTimer);
    if (entries.get(flowId) === entry) entries.delete(flowId);
    tell(entry, how);
    // A context that died with its browser cannot be closed, and need not be.
    await entry.flow.context.close().catch(() => undefined);
    entry.leave();
  }

  async function close(flowId: string, only?: Flow): Promise<void> {
    const entry = entries.get(flowId);
    if (entry && (only === undefined || entry.flow === only)) await end(flowId, entry, 'closed');
  }

  return {
    async use(flowId, step, run) {
      const entry = entries.get(flowId);
      if (entry === undefined) throw new BrowserError('context_gone', step);
      entry.users += 1;
      entry.isAsked = false;
      touched(flowId, entry);
      try {
        return await run(entry.flow);
      } catch (error) {
        // Whatever went wrong went wrong because of that.
        if (entries.get(flowId) !== entry) throw new BrowserError('context_gone', step);
        throw error;
      } finally {
        entry.users -= 1;
        touched(flowId, entry);
      }
    },
    async add(flowId, signal, start) {
      await close(flowId);
      const leave = await places.take('open', signal);
      const holder: { entry?: OpenFlow } = {};
      const crashed = () => {
        if (holder.entry) void end(flowId, holder.entry, 'crashed');
      };
      try {
        const flow = await start(crashed);
        // Another call for the same flow may have been faster; the newer one stays.
        await close(flowId);
        const entry = openFlow(flow, leave);
        holder.entry = entry;
        entries.set(flowId, entry);
        flow.context.once('close', crashed);
        touched(flowId, entry);
        return flow;
      } catch (error) {
        leave();
        throw error;
      }
    },
    async withContext(step, signal, run) {
      const leave = await places.take(step, signal);
      return await run().finally(leave);
    },
    close,
    async watch(flowId, signal) {
      const entry = entries.get(flowId);
      if (!entry || signal?.aborted) return 'absent';
      const { promise, resolve } = Promise.withResolvers<FlowNews | 'absent'>();
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
    size: places.taken,
    async closeAll() {
      await Promise.all([...entries].map(([flowId, entry]) => end(flowId, entry, 'closed')));
    },
  };
}

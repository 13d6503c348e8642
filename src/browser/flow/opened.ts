import { BrowserError } from '../login-browser.ts';
import type { Flow } from './flow.ts';
import type { FlowTable } from './flow-table.ts';

/**
 * Runs the first step of a new flow. A context whose first step fails, or is no longer wanted, is of no use: it is
 * closed. One that has taken its place meanwhile is not.
 */
export async function opened<T>(
  flows: FlowTable,
  flow: Flow,
  signal: AbortSignal,
  run: (flow: Flow) => Promise<T>,
): Promise<T> {
  const close = () => void flows.close(flow.id, flow);
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    return await flows.use(flow.id, 'open', (current) => {
      if (current !== flow) throw new BrowserError('context_gone', 'open');
      return run(flow);
    });
  } catch (error) {
    await flows.close(flow.id, flow);
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

import type { Flow } from './flow.ts';
import type { FlowTable } from './flow-table.ts';

/** Runs the first step of a new flow. A context whose first step fails, or is no longer wanted, is of no use: it is closed. */
export async function opened<T>(
  flows: FlowTable,
  flowId: string,
  signal: AbortSignal,
  run: (flow: Flow) => Promise<T>,
): Promise<T> {
  const close = () => void flows.close(flowId);
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    return await flows.use(flowId, 'open', run);
  } catch (error) {
    await flows.close(flowId);
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

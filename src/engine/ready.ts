import { once } from 'node:events';
import { connect } from 'node:net';
import { Connection } from '@temporalio/client';
import { poll } from './poll.ts';

const EVERY_MS = 20;
// A binary that words its announcement otherwise is believed after it has lived this long.
const SILENT_START_MS = 2_000;

export interface ReadyQuestion {
  ip: string;
  port: number;
  namespace: string;
  /** Whether our own process lives. */
  isAlive: () => boolean;
  /** What our own process has printed so far. */
  printed: () => string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Waits until the server answers for its namespace. False: it ended, or `timeoutMs` are over.
 * That something answers on the port is not enough (another program may have taken it meanwhile, then ours ends): ours
 * must also have announced that it listens.
 */
export async function waitUntilReady(question: ReadyQuestion): Promise<boolean> {
  const { ip, port, isAlive, printed, timeoutMs, signal } = question;
  const start = performance.now();
  const announced = () => /Server:\s/.test(printed()) || performance.now() - start > SILENT_START_MS;
  const over = () => !isAlive() || signal?.aborted;
  const outcome = await poll(
    async () => {
      if (over()) return 'over';
      return announced() && (await accepts(ip, port)) && (await answers(question)) ? 'ready' : undefined;
    },
    { timeoutMs, everyMs: EVERY_MS, ...(signal && { signal }) },
  );
  return outcome === 'ready' && isAlive();
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function answers({ ip, port, namespace }: ReadyQuestion): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address: `${ip}:${port}`, connectTimeout: '2s' });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    // Not yet: asked again until the time is over.
    return false;
  }
}

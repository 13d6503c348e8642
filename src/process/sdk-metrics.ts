import { createServer } from 'node:net';
import type { Logger } from 'pino';
import { installRuntime } from '../temporal/create-worker.ts';

/** How long a scrape waits for the SDK, in milliseconds. */
const WAIT_MS = 2_000;
const ATTEMPTS = 3;

/**
 * Installs Temporal's runtime with its metrics on a free port of loopback, and returns what reads them: it serves them
 * itself and on no port of ours, so that ours are completed with what it says.
 */
export async function installMeasuredRuntime(log: Logger): Promise<() => Promise<string>> {
  for (let attempt = 1; ; attempt += 1) {
    const address = `127.0.0.1:${await freePort()}`;
    try {
      installRuntime(log, address);
      return () => read(address);
    } catch (error) {
      // Another program was given the port meanwhile.
      if (attempt === ATTEMPTS) throw error;
      log.debug({ err: error }, "the port of the SDK's metrics was taken; another one is tried");
    }
  }
}

async function read(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(WAIT_MS) });
  if (!answer.ok) throw new Error(`the SDK's metrics answer ${answer.status}`);
  return answer.text();
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() =>
      typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
    );
  });
  return promise;
}

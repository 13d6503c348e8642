import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { cannotListen } from './free-port.ts';
import { addressOf } from './public-url.ts';

export interface WorkerServerDeps {
  host: string;
  port: number;
  metrics: { contentType: string; text(): Promise<string> };
  /** Whether this worker polls for tasks. */
  polls(): boolean;
  log: Logger;
}

/**
 * Serves `/metrics` and `/healthz` of a worker process. It asks for no token and tells numbers only; it listens on
 * loopback unless it is told otherwise. `/healthz` is 503 while the worker does not poll.
 */
export async function startWorkerServer(deps: WorkerServerDeps): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(answer(deps));
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error) =>
    reject(cannotListen(deps.host, deps.port, error, ['The worker', 'LONGTURN_WORKER'])),
  );
  server.listen(deps.port, deps.host, resolve);
  await listening;
  return {
    url: addressOf(deps.host, (server.address() as AddressInfo).port),
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

function answer({ metrics, polls, log }: WorkerServerDeps): RequestListener {
  return (request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void send(405, 'text/plain', 'GET only\n');
    if (path === '/healthz') {
      const status = polls() ? 'ok' : 'not polling';
      return void send(polls() ? 200 : 503, 'application/json', `${JSON.stringify({ status })}\n`);
    }
    if (path !== '/metrics') return void send(404, 'text/plain', '/metrics and /healthz are here\n');
    metrics.text().then(
      (text) => send(200, metrics.contentType, text),
      (error) => {
        log.warn({ err: error }, 'metrics cannot be read');
        send(503, 'text/plain', 'The store does not answer.\n');
      },
    );
  };
}

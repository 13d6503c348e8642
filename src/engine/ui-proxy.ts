import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { reasonOf } from './engine-error.ts';
import { ENGINE_IP, loopbackUrl } from './ports.ts';

/** Where the server's own web UI listens. */
export interface UiPlace {
  ip: string;
  port: number;
}

/** The UI as people reach it. */
export interface UiProxy {
  url: string;
  close(): Promise<void>;
}

/**
 * Stands before the server's web UI, which answers whatever host a request names: a page that a browser has open could have its
 * own name point to this machine and read and end turns. Requests for other hosts, or from other pages, are refused here.
 */
export async function startUiProxy(port: number, place: UiPlace): Promise<UiProxy> {
  const hosts = new Set([`${ENGINE_IP}:${port}`, `localhost:${port}`]);
  const server = createServer((incoming, answer) => {
    if (isOurs(incoming, hosts)) pass(incoming, answer, place);
    else refuse(answer, 403, 'This host or origin is not the Temporal UI of this machine.');
  });
  server.listen({ host: ENGINE_IP, port, exclusive: true });
  await once(server, 'listening');
  return { url: loopbackUrl(port), close: () => closeServer(server) };
}

function isOurs({ headers }: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  if (!hosts.has((headers.host ?? '').toLowerCase())) return false;
  const { origin } = headers;
  if (origin !== undefined && ![...hosts].some((host) => origin.toLowerCase() === `http://${host}`))
    return false;
  const site = headers['sec-fetch-site'];
  // Following a link to the UI is all that another page may do.
  return site !== 'cross-site' || headers['sec-fetch-mode'] === 'navigate';
}

function pass(incoming: IncomingMessage, answer: ServerResponse, { ip, port }: UiPlace): void {
  const { method, url, headers } = incoming;
  const outgoing = request({ host: ip, port, method, path: url, headers }, (response) => {
    // Not in a frame of another page.
    const safe = { ...response.headers, 'x-frame-options': 'SAMEORIGIN' };
    answer.writeHead(response.statusCode ?? 502, safe);
    response.pipe(answer);
    response.on('error', () => answer.destroy());
  });
  outgoing.on('error', (error) => {
    if (answer.headersSent) answer.destroy();
    else refuse(answer, 502, `The Temporal UI does not answer: ${reasonOf(error)}.`);
  });
  answer.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function refuse(answer: ServerResponse, status: number, why: string): void {
  answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

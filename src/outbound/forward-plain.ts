import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { OutboundGuard } from './outbound-guard.ts';
import { pinnedLookup } from './pinned-lookup.ts';
import { bareHost } from './resolve.ts';

/** Headers that concern one hop only. */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Passes on a request without TLS, where the guard allows that. A page on the usual port is asked for by https instead;
 * anything else is refused, so that nothing leaves the host unencrypted.
 */
export async function forwardPlain(
  incoming: IncomingMessage,
  response: ServerResponse,
  guard: OutboundGuard,
): Promise<void> {
  const url = URL.parse(incoming.url ?? '');
  if (url === null || url.protocol !== 'http:') return refuse(response, 400);
  const port = Number(url.port || 80);
  if (!guard.allowsPlain(url.hostname, port)) {
    if (port !== 80 || incoming.method !== 'GET') return refuse(response, 403);
    url.protocol = 'https:';
    response.writeHead(307, { location: url.href }).end();
    return;
  }
  const addresses = await guard.addressesOf(url.hostname, port);
  const answer = await answerOf(
    incoming,
    response,
    url,
    pinnedLookup(async () => addresses),
  );
  response.writeHead(answer.statusCode ?? 502, headersOf(answer));
  // Either side may hang up in the middle; both are closed then.
  await pipeline(answer, response).catch(() => response.destroy());
}

/** Ends an answer that was not begun, else the connection. */
export function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status).end();
}

function answerOf(
  incoming: IncomingMessage,
  response: ServerResponse,
  url: URL,
  lookup: ReturnType<typeof pinnedLookup>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: bareHost(url.hostname),
      port: url.port || 80,
      path: url.pathname + url.search,
      method: incoming.method,
      headers: { ...headersOf(incoming), host: url.host },
      lookup,
      // One connection a request: an agent's pool would outlive the check of its address.
      agent: false,
    });
    outgoing.on('socket', (socket) => {
      const timer = setTimeout(
        () => outgoing.destroy(new Error('no connection in time')),
        CONNECT_TIMEOUT_MS,
      );
      socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    });
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
}

function headersOf({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { forwardPlain, refuse } from './forward-plain.ts';
import type { OutboundGuard } from './outbound-guard.ts';
import { OutboundRefused } from './outbound-refused.ts';
import { pinnedLookup } from './pinned-lookup.ts';

/** How the browser reaches the proxy. */
export interface OutboundProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  server: string;
  username: string;
  /** Random, of this process. What comes without it, such as the browser's own traffic in the background, goes nowhere. */
  password: string;
}

interface Deps {
  guard: OutboundGuard;
  log: Logger;
}

const USERNAME = 'longturn';
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Starts the only way out of the browser: a forward proxy on 127.0.0.1 that resolves each name itself, lets the guard
 * check every address, and connects to exactly those. Tunnels for TLS; plain HTTP only where the guard allows it, else
 * it is sent to the same address with https.
 */
export async function startOutboundProxy(deps: Deps): Promise<OutboundProxy> {
  const password = randomBytes(24).toString('base64url');
  const isKnown = credentialCheck(`Basic ${Buffer.from(`${USERNAME}:${password}`).toString('base64')}`);
  const sockets = new Set<Duplex>();
  const warnOf = refusalLog(deps.log);

  const server = createServer((request, response) => {
    if (!isKnown(request)) return askForCredential(response);
    forwardPlain(request, response, deps.guard).catch((error: unknown) => {
      warnOf(error);
      refuse(response, error instanceof OutboundRefused ? 403 : 502);
    });
  });
  server.on('connect', (request, client) => {
    held(client, sockets);
    if (!isKnown(request)) {
      client.end(answer(407, 'Proxy-Authenticate: Basic realm="longturn"\r\n'));
      return;
    }
    tunnel(request.url ?? '', client as Socket, deps.guard).then(
      (target) => held(target, sockets),
      (error: unknown) => {
        warnOf(error);
        client.end(answer(error instanceof OutboundRefused ? 403 : 502));
      },
    );
  });
  await listen(server);
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    username: USERNAME,
    password,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Connects the client to `authority` (`host:port`) by one of its checked addresses. */
async function tunnel(authority: string, client: Socket, guard: OutboundGuard): Promise<Socket> {
  const url = new URL(`https://${authority}`);
  const port = Number(url.port || 443);
  const addresses = await guard.addressesOf(url.hostname, port);
  const target = connect({ host: url.hostname, port, lookup: pinnedLookup(async () => addresses) });
  await connected(target);
  target.setNoDelay(true);
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  client.pipe(target).pipe(client);
  target.on('error', () => client.destroy());
  target.on('close', () => client.destroy());
  client.on('close', () => target.destroy());
  return target;
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no connection in time')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve();
    });
  });
}

function held(socket: Duplex, sockets: Set<Duplex>): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  // A client or site that hangs up is no fault.
  socket.on('error', () => socket.destroy());
}

function credentialCheck(expected: string): (request: IncomingMessage) => boolean {
  const right = Buffer.from(expected);
  return ({ headers }) => {
    const given = Buffer.from(headers['proxy-authorization'] ?? '');
    return given.length === right.length && timingSafeEqual(given, right);
  };
}

function askForCredential(response: ServerResponse): void {
  response.writeHead(407, { 'proxy-authenticate': 'Basic realm="longturn"' }).end();
}

const answer = (status: number, header = '') =>
  `HTTP/1.1 ${status} Refused\r\n${header}Content-Length: 0\r\nConnection: close\r\n\r\n`;

/** Warns the operator once of each address that was refused. */
function refusalLog(log: Logger): (error: unknown) => void {
  const warned = new Set<string>();
  return (error) => {
    if (!(error instanceof OutboundRefused) || warned.has(error.message) || warned.size >= 1_000) return;
    warned.add(error.message);
    log.warn(error.message);
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      server.unref();
      resolve();
    });
  });
}

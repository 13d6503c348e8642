import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens on every address of its host name. */
export interface Listening extends AsyncDisposable {
  port: number;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1 when the host is `localhost` (browsers try both), else on
 * the host alone. Port 0 is a free one, the same for both addresses.
 */
export async function listen(host: string, port: number, answer: RequestListener): Promise<Listening> {
  const first = await listenOn(host === 'localhost' ? '127.0.0.1' : host, port, answer);
  const chosen = (first.address() as AddressInfo).port;
  const servers = [first];
  if (host === 'localhost') {
    try {
      servers.push(await listenOn('::1', chosen, answer));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') {
        await close(first);
        if (port === 0) return listen(host, port, answer);
        throw error;
      }
      if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
    }
  }
  return {
    port: chosen,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map(close));
    },
  };
}

async function listenOn(address: string, port: number, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  server.listen({ port, host: address, ipv6Only: true });
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** Forwards connections to a unix socket, and can fall silent as a network does that loses everything. */
export interface TcpProxy extends AsyncDisposable {
  port: number;
  /** Open connections forward nothing from now on, and are not closed; new ones are forwarded. */
  silence(): void;
}

/** A proxy on a free port of the loopback. */
export async function startTcpProxy(socketPath: string): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = createConnection(socketPath);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {
        for (const each of pair) each.destroy();
      });
      socket.on('close', () => pairs.delete(pair));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const pair of pairs) {
        for (const socket of pair) socket.unpipe().pause();
      }
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
  };
}

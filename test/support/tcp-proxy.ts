import net from 'node:net';

/** A network between two processes that can break without telling either of them. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /**
   * Every connection of now stays open and carries nothing any more, for good, as behind a router that has lost its
   * table; one that is made before {@link thaw} is never answered either.
   */
  freeze(): void;
  /** New connections are carried again. */
  thaw(): void;
  /** Connections that carry something now. */
  liveConnections(): number;
}

/** Carries connections from a port of loopback to another one, or to a unix socket. */
export async function startTcpProxy(target: number | string, ownPort = 0): Promise<TcpProxy> {
  let isFrozen = false;
  const live = new Set<() => void>();
  const all = new Set<net.Socket>();
  const keep = (socket: net.Socket) => {
    all.add(socket);
    socket.on('close', () => all.delete(socket)).on('error', () => undefined);
  };
  const server = net.createServer({ pauseOnConnect: true }, (client) => {
    keep(client);
    if (isFrozen) return;
    const far = typeof target === 'string' ? net.connect(target) : net.connect(target, '127.0.0.1');
    keep(far);
    let isSilent = false;
    client.on('data', (bytes) => !isSilent && far.write(bytes));
    far.on('data', (bytes) => !isSilent && client.write(bytes));
    const close = () => {
      live.delete(silence);
      if (isSilent) return;
      client.destroy();
      far.destroy();
    };
    const silence = () => {
      isSilent = true;
    };
    live.add(silence);
    client.on('close', close);
    far.on('close', close);
    client.resume();
  });
  await new Promise<void>((resolve) => {
    server.listen(ownPort, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    freeze() {
      isFrozen = true;
      for (const silence of live) silence();
      live.clear();
    },
    thaw() {
      isFrozen = false;
    },
    liveConnections: () => live.size,
    async [Symbol.asyncDispose]() {
      for (const socket of all) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

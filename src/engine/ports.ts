import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { codeOf, EngineError, reasonOf } from './engine-error.ts';

/** The address on which the embedded server listens, and nothing else. */
export const ENGINE_IP = '127.0.0.1';

export const loopbackUrl = (port: number) => `http://${ENGINE_IP}:${port}`;

/**
 * Where the server's web UI itself listens, behind our proxy. On Linux all of 127.0.0.0/8 is this machine: a page in a browser that
 * looks for it would have to try 16 million addresses.
 */
export function hiddenUiIp(): string {
  if (process.platform !== 'linux') return ENGINE_IP;
  const [a = 0, b = 0, c = 0] = randomBytes(3);
  return `127.${a}.${b}.${1 + (c % 254)}`;
}

/** A port as it was asked for; 0 = any free one. */
export interface PortRequest {
  /** Name of the variable that sets it. */
  variable: string;
  port: number;
}

/**
 * The ports to use, in the order asked: each is free, and a 0 has become a number.
 * @throws {EngineError} naming the variable and the port that cannot be had.
 */
export async function takePorts(requests: readonly PortRequest[]): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (const request of requests) servers.push(await listen(request));
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

async function listen({ variable, port }: PortRequest): Promise<Server> {
  const server = createServer();
  try {
    server.listen({ host: ENGINE_IP, port, exclusive: true });
    await once(server, 'listening');
    return server;
  } catch (error) {
    const fault =
      codeOf(error) === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used: ${reasonOf(error)}`;
    const mend = `Stop that program, or set ${variable} to another port (0 = any free one)`;
    const attach =
      variable === 'LONGTURN_ENGINE_PORT'
        ? '; to use a Temporal server that runs there, set TEMPORAL_ADDRESS'
        : '';
    throw new EngineError(
      'port_unusable',
      `Port ${port} of ${ENGINE_IP} (${variable}) ${fault}. ${mend}${attach}.`,
      {
        cause: error,
      },
    );
  }
}

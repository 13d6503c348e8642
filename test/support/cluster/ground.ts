import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresCluster, startPostgres } from '../postgres.ts';
import { freePort } from '../processes.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { environmentOf, type Place, readCompose } from './compose.ts';
import { serviceOf, startTemporalCluster, type TemporalCluster } from './temporal-cluster.ts';

/** What Longturn stands on in docker-compose.yml, as processes of this machine. */
export interface Ground extends AsyncDisposable {
  /** A scratch folder, deleted at the end. */
  readonly folder: string;
  readonly temporal: TemporalCluster;
  /** PostgreSQL of the Temporal server, and Longturn's. */
  readonly temporalDb: PostgresCluster;
  readonly longturnDb: PostgresCluster;
  /** Through which APIs and workers reach Longturn's PostgreSQL. */
  readonly network: TcpProxy;
  /** The configuration of a service that is Longturn's. */
  environmentOf(service: 'api' | 'worker'): Record<string, string>;
}

const POSTGRES_PORT = 5432;
const PASSWORDS = { POSTGRES_PASSWORD: 'temporal', LONGTURN_DB_PASSWORD: 'longturn' };

export interface GroundOptions {
  /** Without the network in between that can fail: for measuring. */
  isDirect?: boolean;
}

/** Starts both databases and the Temporal server with the configuration of docker-compose.yml; only places differ. */
export async function startGround({ isDirect = false }: GroundOptions = {}): Promise<Ground> {
  const running = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'longturn-cluster-'));
    running.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const services = readCompose(PASSWORDS);
    const userOf = (name: string) => serviceOf(services, name).environment['POSTGRES_USER'] ?? 'postgres';
    const ports = { temporalDb: await freePort(), longturnDb: await freePort(), temporal: await freePort() };
    const temporalDb = running.use(
      await startPostgres({ user: userOf('temporal-db'), port: ports.temporalDb }),
    );
    const longturnDb = running.use(
      await startPostgres({ user: userOf('longturn-db'), port: ports.longturnDb }),
    );
    // As the image does: a database of the user's name.
    await longturnDb.createDatabase(userOf('longturn-db'));
    const network = running.use(await startTcpProxy(ports.longturnDb));
    const places: Record<string, Place> = {
      'temporal-db': { port: ports.temporalDb, containerPort: POSTGRES_PORT },
      'longturn-db': { port: isDirect ? ports.longturnDb : network.port, containerPort: POSTGRES_PORT },
      temporal: { port: ports.temporal, containerPort: 7233 },
    };
    const temporal = running.use(await startTemporalCluster(folder, services, places));
    const stack = running.move();
    return {
      folder,
      temporal,
      temporalDb,
      longturnDb,
      network,
      environmentOf: (service) => environmentOf(serviceOf(services, service), places),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

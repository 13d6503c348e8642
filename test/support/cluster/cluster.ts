import { join } from 'node:path';
import { type System, type SystemOptions, startSystem } from '../system.ts';
import { type Ground, startGround } from './ground.ts';

/** Everything of docker-compose.yml as processes of this machine, with two APIs and two workers. */
export interface Cluster extends AsyncDisposable {
  readonly ground: Ground;
  readonly system: System;
}

/** Of both workers: in containers each has an address of its own. */
const WORKER_PLACE = { LONGTURN_WORKER_HOST: '127.0.0.1', LONGTURN_WORKER_PORT: '0' };

/** Starts a cluster with the configuration of docker-compose.yml; only where things are is different. */
export async function startCluster(env: SystemOptions['env'] = {}): Promise<Cluster> {
  const ground = await startGround();
  try {
    const system = await startSystem({
      parts: ['worker', 'worker2', 'api', 'api2'],
      dataDir: join(ground.folder, 'data'),
      envOf: (part) =>
        part.startsWith('api')
          ? { ...ground.environmentOf('api'), ...env }
          : { ...ground.environmentOf('worker'), ...WORKER_PLACE, ...env },
    });
    return {
      ground,
      system,
      async [Symbol.asyncDispose]() {
        await system[Symbol.asyncDispose]();
        await ground[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    const tails = ground.temporal.tails();
    await ground[Symbol.asyncDispose]();
    throw new Error(`${String(error)}\n${tails}`);
  }
}

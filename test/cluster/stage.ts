import { createCrashTable } from '../crash/crash-table.ts';
import type { Stage } from '../crash/phases.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import type { Ground } from '../support/cluster/ground.ts';
import { createHttpClient } from '../support/http-client.ts';
import { startCountingServer } from '../support/side-effects.ts';
import type { Follower } from '../support/sse-reader.ts';
import { createTurns, type Turns } from '../support/turns.ts';

/** A crash suite's stage on a cluster. */
export interface ClusterStage extends Stage, AsyncDisposable {
  ground: Ground;
  /** `turns` speaks to the first API, this to the second. */
  second: Turns;
  table: ReturnType<typeof createCrashTable>;
}

export async function startStage(): Promise<ClusterStage> {
  const server = await startCountingServer();
  let cluster: Cluster;
  try {
    cluster = await startCluster({ LONGTURN_HTTP_FETCH_ALLOW: server.allow });
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  const { ground, system } = cluster;
  const readers: Follower[] = [];
  const closing = (turns: Turns): Turns => ({
    ...turns,
    follow: (...args) => {
      const reader = turns.follow(...args);
      readers.push(reader);
      return reader;
    },
  });
  const turns = closing(createTurns(system));
  const second = closing(createTurns(system, createHttpClient(system.urlOf('api2'), system.token)));
  const free = await turns.agent({ policy: { default: 'allow', rules: [] } });
  const gated = await turns.agent({ policy: { default: 'ask', rules: [] } });
  const table = createCrashTable('cluster');
  return {
    ground,
    system,
    turns,
    second,
    server,
    free,
    gated,
    table,
    async [Symbol.asyncDispose]() {
      table.publish();
      // Those of a test that failed would follow for ever.
      for (const reader of readers) reader.close();
      await cluster[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

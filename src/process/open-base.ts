import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { reasonOf } from '../engine/engine-error.ts';
import { makeFolder } from '../engine/make-folder.ts';
import { createInProcessFeed } from '../feed/in-process-feed.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import { createPostgresFeed } from '../feed/postgres-feed.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { connectClient, type EngineAddress } from '../temporal/connect.ts';
import { createTurnGateway } from '../temporal/create-turn-gateway.ts';
import type { TurnGateway } from '../temporal/turn-gateway.ts';
import { createTurnObserver, type TurnObserver } from '../temporal/turn-observer.ts';
import { createToolRegistry } from '../tools/create-tool-registry.ts';
import type { ToolRegistry } from '../tools/tool.ts';
import { StartError } from './start-error.ts';

/** What worker and API both stand on. */
export interface Base {
  config: Config;
  engine: EngineAddress;
  store: Store;
  feed: LiveFeed;
  tools: ToolRegistry;
  client: Client;
  gateway: TurnGateway;
  observer: TurnObserver;
  log: Logger;
  now(): Date;
}

export interface BaseOptions {
  config: Config;
  engine: EngineAddress;
  log: Logger;
  /** Whether worker and API run in this process together, so that hints need no wire. */
  together: boolean;
}

/** Opens store, feed and engine client, and registers them for release. */
export async function openBase(options: BaseOptions, running: AsyncDisposableStack): Promise<Base> {
  const { config, engine, log, together } = options;
  ensureDataFolder(config.dataDir);
  const store = running.use(await createStore(config.store));
  const feed = running.use(await openFeed(config, log, together));
  const client = await connectClient(engine);
  running.defer(() => client.connection.close());
  const now = () => new Date();
  return {
    config,
    engine,
    store,
    feed,
    tools: createToolRegistry({ notes: store.notes, httpFetchAllow: [...config.httpFetchAllow], now }),
    client,
    gateway: createTurnGateway(client),
    observer: createTurnObserver(client),
    log,
    now,
  };
}

function openFeed(config: Config, log: Logger, together: boolean): LiveFeed | Promise<LiveFeed> {
  if (config.store.kind === 'postgres') return createPostgresFeed({ url: config.store.url, log });
  return createInProcessFeed(together);
}

function ensureDataFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
  } catch (error) {
    throw new StartError(
      `The data folder ${dataDir} cannot be made (${reasonOf(error)}). Set LONGTURN_DATA to a folder that can be written.`,
      { cause: error },
    );
  }
}

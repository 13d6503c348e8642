import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { reasonOf } from '../engine/engine-error.ts';
import { makeFolder } from '../engine/make-folder.ts';
import { keepPrivate } from '../engine/private-folder.ts';
import { createInProcessFeed } from '../feed/in-process-feed.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import { createPostgresFeed } from '../feed/postgres-feed.ts';
import { createNotes } from '../notes/create-notes.ts';
import { createNoteDelivery } from '../notes/note-delivery.ts';
import { createVault } from '../secrets/create-vault.ts';
import { createCredentials } from '../secrets/credentials.ts';
import { readProviders } from '../secrets/read-providers.ts';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { createAuthGateway } from '../temporal/auth/create-auth-gateway.ts';
import { deploymentOf } from '../temporal/build-id.ts';
import { connectClient, type EngineAddress } from '../temporal/connect.ts';
import { createDataConverter } from '../temporal/data-converter.ts';
import { createDeployments } from '../temporal/deployments.ts';
import { createNames } from '../temporal/names.ts';
import { createSearchAttributes } from '../temporal/search-attributes.ts';
import { createTurnGateway } from '../temporal/turn/create-turn-gateway.ts';
import { createTurnExecutions } from '../temporal/turn/turn-executions.ts';
import { createTurnObserver } from '../temporal/turn/turn-observer.ts';
import { createWebhookGateway } from '../temporal/webhooks/create-webhook-gateway.ts';
import { createSchemaChecker } from '../tools/schema-checker.ts';
import { createLostTurns } from '../upkeep/turn/lost-turns.ts';
import type { Base } from './base.ts';
import { builtInTools } from './capabilities/all.ts';
import { newId } from './new-id.ts';
import { openKeyring } from './open-keyring.ts';
import { StartError } from './start-error.ts';

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
  const exposed = keepPrivate(config.dataDir);
  if (exposed) log.warn(exposed);
  const keyring = await openKeyring(config);
  const dataConverter = createDataConverter(keyring);
  const store = running.use(await createStore(config.store));
  const installation = await store.installation.get();
  const names = createNames(installation);
  const feed = running.use(await openFeed(config, log, together));
  const client = await connectClient(engine, dataConverter);
  running.defer(() => client.connection.close());
  const searchAttributes = createSearchAttributes(client, log);
  const now = () => new Date();
  const noteDelivery = running.use(
    createNoteDelivery({ store: store.notes, outbox: store.noteOutbox, isNear: true, log, now }),
  );
  const notes = createNotes({ store: store.notes, delivery: noteDelivery });
  const vault = createVault(keyring);
  const { credentialProvidersFile: file, variable } = config;
  const providers = await readProviders({ file, variable, now });
  const gateway = createTurnGateway(client, {
    names,
    searchAttributes,
    ...(config.workerVersioning && { deployOf: deployOf(store) }),
  });
  const observer = createTurnObserver(client, names);
  const executions = createTurnExecutions(client, names);
  return {
    config,
    engine,
    keyring,
    vault,
    credentials: createCredentials({ store: store.auth, vault, providers, log, now, newId }),
    dataConverter,
    store,
    installation,
    names,
    feed,
    notes,
    noteDelivery,
    tools: builtInTools({
      notes,
      auth: store.auth,
      waiters: store.waiters,
      httpFetchAllow: [...config.httpFetchAllow],
      now,
    }),
    schemas: running.use(createSchemaChecker()),
    client,
    searchAttributes,
    gateway,
    authGateway: createAuthGateway(client, { names }),
    webhookGateway: createWebhookGateway(client, { names }),
    observer,
    executions,
    lostTurns: createLostTurns({
      store,
      feed,
      executions,
      observer,
      noteDelivery,
      startTurn: gateway.start,
      log,
      now,
    }),
    ...(config.workerVersioning && {
      deployments: createDeployments(client, deploymentOf(names.taskQueue)),
    }),
    together,
    log,
    now,
  };
}

/** Whether an agent's turns stay on the build that they began on, as its definition says now. */
function deployOf({ agents }: Store) {
  return async (agent: string) => (await agents.get(agent))?.deploy;
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

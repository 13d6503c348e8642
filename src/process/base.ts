import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { NoteDelivery } from '../notes/note-delivery.ts';
import type { Notes } from '../notes/note-store.ts';
import type { Credentials } from '../secrets/credentials.ts';
import type { Keyring } from '../secrets/keyring.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Installation, Store } from '../store/store.ts';
import type { AuthGateway } from '../temporal/auth/auth-gateway.ts';
import type { EngineAddress } from '../temporal/connect.ts';
import type { Deployments } from '../temporal/deployments.ts';
import type { Names } from '../temporal/names.ts';
import type { TurnSearchAttributes } from '../temporal/search-attributes.ts';
import type { TurnExecutions } from '../temporal/turn/turn-executions.ts';
import type { TurnGateway } from '../temporal/turn/turn-gateway.ts';
import type { TurnObserver } from '../temporal/turn/turn-observer.ts';
import type { WebhookGateway } from '../temporal/webhooks/webhook-gateway.ts';
import type { SchemaChecker } from '../tools/schema-checker.ts';
import type { ToolRegistry } from '../tools/tool.ts';
import type { LostTurns } from '../upkeep/turn/lost-turns.ts';

/** What worker and API both stand on. */
export interface Base {
  config: Config;
  engine: EngineAddress;
  keyring: Keyring;
  vault: Vault;
  credentials: Credentials;
  dataConverter: DataConverter;
  store: Store;
  /** Which installation the store is, and what it calls its queues and workflows. */
  installation: Installation;
  names: Names;
  feed: LiveFeed;
  notes: Notes;
  noteDelivery: NoteDelivery;
  tools: ToolRegistry;
  schemas: SchemaChecker;
  client: Client;
  searchAttributes: TurnSearchAttributes;
  gateway: TurnGateway;
  authGateway: AuthGateway;
  webhookGateway: WebhookGateway;
  observer: TurnObserver;
  executions: TurnExecutions;
  lostTurns: LostTurns;
  /** Whether worker and API run in this process together. */
  together: boolean;
  /** Present where turns are kept to builds. */
  deployments?: Deployments;
  log: Logger;
  now(): Date;
}

/** Folder of the agents' workspaces. */
export function workspacesOf({ config }: Base): string {
  return path.join(config.dataDir, 'workspaces');
}

/** True for `npm start` with its own server: there is no other worker. */
export function isAlone({ together, config }: Base): boolean {
  return together && config.engine.kind === 'embedded';
}

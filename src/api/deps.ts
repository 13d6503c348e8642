import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Actor } from '../contract/index.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { NoteReader } from '../notes/note-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Store } from '../store/store.ts';
import type { CodecEndpoint } from '../temporal/codec-endpoint.ts';
import type { Deployments } from '../temporal/deployments.ts';
import type { TurnGateway } from '../temporal/turn/turn-gateway.ts';
import type { WebhookGateway } from '../temporal/webhooks/webhook-gateway.ts';
import type { SchemaChecker } from '../tools/schema-checker.ts';
import type { ToolRegistry } from '../tools/tool.ts';
import type { WebhookTargets } from '../webhooks/webhook-targets.ts';
import type { Metrics } from './health/metrics.ts';
import type { Streams } from './stream/streams.ts';

/** `ok`, or a sentence that says what is wrong. */
export type Check = string;

/** What must work before a turn can be worked on. */
export interface Health {
  engine: Check;
  store: Check;
  /** Whether a worker polls for turns. */
  worker: Check;
}

/** Everything that the API needs from outside. A capability adds what it needs beside this in its own folder. */
export interface ApiDeps {
  store: Store;
  gateway: TurnGateway;
  streams: Streams;
  webhookGateway: WebhookGateway;
  tools: ToolRegistry;
  notes: NoteReader;
  /** Judges schemas of clients' tools, and inputs by them. */
  schemas: SchemaChecker;
  /** Told when the API itself changes what readers follow: a turn is added, a flow's view is stored. */
  feed: Pick<LiveFeed, 'publish'>;
  vault: Vault;
  /** Where webhooks may be sent to. */
  webhookTargets: Pick<WebhookTargets, 'refusal'>;
  /** The payload codec as the engine's UI asks for it. */
  codec: CodecEndpoint;
  config: {
    /** Requests a minute of one token. */
    rateLimitPerMinute: number;
    /** Failed authentications a minute from one address. */
    authFailuresPerMinute: number;
    /** Open event streams of one token, and of one address; 0 = no limit. */
    streamLimits: { perToken: number; perAddress: number };
    /** Longest time in which a request must have arrived, in milliseconds. Default 60,000. */
    requestTimeoutMs?: number;
    /** How often it is looked whether who follows a stream may do so still, in milliseconds; default 15,000. */
    streamCheckMs?: number;
    /** Origins whose pages may call the routes of managed auth, in lower case. */
    corsOrigins: readonly string[];
  };
  /**
   * Ends the row of a turn whose workflow is closed or gone; as cancelled by somebody where they asked for that and nobody
   * knows another end. Throws EngineUnavailable.
   */
  endLost(turnId: string, cancelled?: { by: Actor; reason: string | undefined }): Promise<unknown>;
  /** Id of the token that this data folder's token file holds now; undefined where it holds none. */
  fileTokenId(): Promise<string | undefined>;
  log: Logger;
  now(): Date;
  /** A new id that begins with the prefix; matches the contract's id pattern. */
  newId(prefix: string): string;
  metrics: Metrics;
  /** Absent where turns are not kept to builds. */
  deployments?: Pick<Deployments, 'builds'>;
  health(): Promise<Health>;
}

/** The Fastify instance as routes see it: types of requests and answers come from their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

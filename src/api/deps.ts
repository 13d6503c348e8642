import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { Store } from '../store/store.ts';
import type { TurnGateway } from '../temporal/turn-gateway.ts';
import type { ToolRegistry } from '../tools/tool.ts';
import type { Metrics } from './metrics.ts';
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

/** Everything that the API needs from outside. */
export interface ApiDeps {
  store: Store;
  gateway: TurnGateway;
  streams: Streams;
  tools: ToolRegistry;
  /** Told when the API itself changes what readers follow: a turn is added, a queued turn is cancelled. */
  feed: Pick<LiveFeed, 'publish'>;
  config: {
    /** Requests a minute of one token. */
    rateLimitPerMinute: number;
    /** Failed authentications a minute from one address. */
    authFailuresPerMinute: number;
  };
  log: Logger;
  now(): Date;
  /** A new id that begins with the prefix; matches the contract's id pattern. */
  newId(prefix: string): string;
  metrics: Metrics;
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

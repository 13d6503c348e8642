import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { NO_BRANDING } from '../../src/api/auth/hosted/read-branding.ts';
import type { ApiDeps, Health } from '../../src/api/deps.ts';
import { createMetrics } from '../../src/api/health/metrics.ts';
import { AgentDefinition, type Problem, Scope } from '../../src/contract/index.ts';
import { sha256Hex } from '../../src/digest.ts';
import type { Hint } from '../../src/feed/live-feed.ts';
import { createLogger } from '../../src/logger.ts';
import { apiCapabilities, builtInTools } from '../../src/process/capabilities/all.ts';
import { createVault } from '../../src/secrets/create-vault.ts';
import { createCredentials } from '../../src/secrets/credentials.ts';
import { parseEncryptionKeys } from '../../src/secrets/encryption-keys.ts';
import { createKeyring } from '../../src/secrets/keyring.ts';
import type { Vault } from '../../src/secrets/vault.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createCodecEndpoint } from '../../src/temporal/codec-endpoint.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';
import { createSchemaChecker } from '../../src/tools/schema-checker.ts';
import { createWebhookTargets } from '../../src/webhooks/webhook-targets.ts';
import { notesOf } from './notes-of.ts';
import { createScriptedAuthGateway, type ScriptedAuthGateway } from './scripted-auth-gateway.ts';
import { createScriptedGateway, type ScriptedGateway } from './scripted-gateway.ts';
import { createScriptedStreams } from './scripted-streams.ts';
import { createScriptedWebhookGateway, type ScriptedWebhookGateway } from './scripted-webhook-gateway.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape.
export type Body = any;

export interface Response {
  status: number;
  headers: Record<string, string | number | string[] | undefined>;
  body: Body;
}

export interface Options {
  /** Secret of the token; `null` sends none. Default: the admin's. */
  token?: string | null;
  body?: unknown;
  /** Sent as it is. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

/** The API over a real SQLite store, a scripted gateway and scripted streams. */
export interface TestApp extends AsyncDisposable {
  app: FastifyInstance;
  store: Store;
  gateway: ScriptedGateway;
  authGateway: ScriptedAuthGateway;
  webhookGateway: ScriptedWebhookGateway;
  vault: Vault;
  hints: Hint[];
  /** Ends a turn whose workflow is gone; a test says how. */
  lost: { end: ApiDeps['endLost'] };
  /** Lines of the log, parsed. */
  log: Record<string, unknown>[];
  health: Health;
  /** The clock; tests may move it. */
  clock: { now: Date };
  request(method: string, url: string, options?: Options): Promise<Response>;
  get(url: string, options?: Options): Promise<Response>;
  post(url: string, body?: unknown, options?: Options): Promise<Response>;
}

export const ADMIN = 'lt_admin-secret';
/** Secret of a token that has this scope only. */
export const secretOf = (scope: Scope): string => `lt_only-${scope}`;

export interface TestAppOptions {
  config?: Partial<ApiDeps['config']>;
  /** Real streams in place of the scripted ones, told of changes by their own feed. */
  live?: (store: Store) => Pick<ApiDeps, 'streams' | 'flowStreams' | 'feed'>;
  /** Stands in for the store in the app, for failures of it. */
  wrapStore?: (store: Store) => Store;
  /** Builds as the engine tells them; default: no worker versioning. */
  deployments?: ApiDeps['deployments'];
  /** Settings of the hosted page. */
  hosted?: Partial<ApiDeps['auth']['hosted']>;
}

export async function createTestApp({
  config,
  live,
  wrapStore,
  deployments,
  hosted,
}: TestAppOptions = {}): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'longturn-api-'));
  const file = join(folder, 'store.db');
  const store = await createStore({ kind: 'sqlite', file });
  const gateway = createScriptedGateway();
  const authGateway = createScriptedAuthGateway(store);
  const webhookGateway = createScriptedWebhookGateway();
  const keyring = createKeyring(parseEncryptionKeys(`test:${'A'.repeat(43)}=`).keys);
  const vault = createVault(keyring);
  const clock = { now: new Date('2026-11-21T12:00:00.000Z') };
  const health: Health = { engine: 'ok', store: 'ok', worker: 'ok' };
  const hints: Hint[] = [];
  const lost: TestApp['lost'] = { end: async () => undefined };
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({ level: 'debug', destination: linesInto(log) });
  const now = () => clock.now;
  let ids = 0;
  const newId = (prefix: string) => `${prefix}_${++ids}`;
  await createTokens(store, clock.now);
  await store.agents.put(
    AgentDefinition.parse({ name: 'helper', model: 'rehearsal/script' }),
    iso(clock.now),
  );
  const { notes } = notesOf(store, { log: logger });
  const schemas = createSchemaChecker();
  const deps: ApiDeps = {
    store: wrapStore?.(store) ?? store,
    gateway,
    authGateway,
    webhookGateway,
    keyring,
    vault,
    credentials: createCredentials({ store: store.auth, vault, providers: [], log: logger, now, newId }),
    webhookTargets: createWebhookTargets({ allow: ['127.0.0.1:9000'], resolve: webhookNames }),
    codec: createCodecEndpoint(createPayloadCodec(keyring)),
    auth: {
      limits: { inputTimeoutMs: 600_000, flowTimeoutMs: 1_200_000, parkAfterMs: 60_000 },
      publicUrl: () => 'https://longturn.example.com',
      hosted: { returnOrigins: ['https://app.example'], branding: NO_BRANDING, ...hosted },
      reportDays: 30,
    },
    endLost: (turnId, cancelled) => lost.end(turnId, cancelled),
    ...createScriptedStreams(store),
    notes,
    tools: builtInTools({
      notes,
      auth: store.auth,
      waiters: store.waiters,
      httpFetchAllow: [],
    }),
    schemas,
    feed: { publish: (hint) => void hints.push(hint) },
    ...live?.(store),
    config: {
      rateLimitPerMinute: 100_000,
      authFailuresPerMinute: 100_000,
      streamLimits: { perToken: 1_000, perAddress: 5_000 },
      corsOrigins: [],
      ...config,
    },
    fileTokenId: async () => 'admin',
    log: logger,
    now,
    newId,
    metrics: createMetrics(),
    ...(deployments && { deployments }),
    health: async () => health,
  };
  const app = await buildApp(deps, await apiCapabilities(deps));

  const request: TestApp['request'] = async (method, url, options = {}) => {
    const token = options.token === undefined ? ADMIN : options.token;
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...((options.body !== undefined || options.raw !== undefined) && {
          'content-type': 'application/json',
        }),
        ...options.headers,
      },
      ...((options.raw ?? options.body) !== undefined && {
        payload: options.raw ?? JSON.stringify(options.body),
      }),
    });
    const isJson = /\bjson\b/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson && answer.payload !== '' ? answer.json() : answer.payload,
    };
  };

  return {
    app,
    store,
    gateway,
    authGateway,
    webhookGateway,
    vault,
    hints,
    lost,
    log,
    health,
    clock,
    request,
    get: (url, options) => request('GET', url, options),
    post: (url, body, options) => request('POST', url, { ...options, ...(body !== undefined && { body }) }),
    async [Symbol.asyncDispose]() {
      await app.close();
      await schemas[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `example.com` is public, `inside.example` is not, `half.example` is both; other names have no address. */
async function webhookNames(name: string): Promise<{ address: string; family: number }[]> {
  const open = { address: '93.184.215.14', family: 4 };
  const closed = { address: '10.0.0.7', family: 4 };
  const known: Record<string, (typeof open)[]> = {
    'example.com': [open],
    'inside.example': [closed],
    'half.example': [open, closed],
  };
  const found = known[name];
  if (!found) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
  return found;
}

async function createTokens(store: Store, now: Date): Promise<void> {
  const token = { createdAt: iso(now) };
  await store.tokens.create({
    ...token,
    id: 'admin',
    name: 'admin',
    scopes: ['admin'],
    secretHash: sha256Hex(ADMIN),
  });
  for (const scope of Scope.options) {
    if (scope === 'admin') continue;
    const id = `only-${scope.replace(':', '-')}`;
    await store.tokens.create({
      ...token,
      id,
      name: id,
      scopes: [scope],
      secretHash: sha256Hex(secretOf(scope)),
    });
  }
}

function linesInto(log: Record<string, unknown>[]): Writable {
  return new Writable({
    write(line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()));
      done();
    },
  });
}

function iso(date: Date): string {
  return date.toISOString();
}

/** The problem's code and status in one word, after a check of its form. */
export function problemCode({ status, headers, body }: Response): string {
  const problem = body as Problem;
  const isSound =
    String(headers['content-type']).startsWith('application/problem+json') &&
    problem.status === status &&
    problem.detail.length > 0 &&
    problem.title.length > 0 &&
    problem.type === `urn:longturn:problem:${problem.code}`;
  return isSound ? `${status} ${problem.code}` : `no problem: ${status} ${JSON.stringify(body)}`;
}

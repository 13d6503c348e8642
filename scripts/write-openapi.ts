/** Writes `openapi.json` from the routes; with `--check` compares it instead and exits 1 when it differs. */
import { readFile, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { buildApp } from '../src/api/app.ts';
import { NO_BRANDING } from '../src/api/auth/hosted/read-branding.ts';
import type { ApiDeps } from '../src/api/deps.ts';
import { createMetrics } from '../src/api/health/metrics.ts';
import { apiCapabilities } from '../src/process/capabilities/all.ts';

const FILE = new URL('../openapi.json', import.meta.url);

/** Stands for a dependency that no route calls while it is only described; what is in it may be looked up. */
function inert<T>(name: string): T {
  const refuse = () => {
    throw new Error(`${name} was called while the API was only described`);
  };
  const inside = (_target: object, property: string | symbol) => inert(`${name}.${String(property)}`);
  return new Proxy(refuse, { get: inside }) as T;
}

const deps: ApiDeps = {
  store: inert('store'),
  gateway: inert('gateway'),
  authGateway: inert('authGateway'),
  webhookGateway: inert('webhookGateway'),
  endLost: inert('endLost'),
  streams: inert('streams'),
  flowStreams: inert('flowStreams'),
  fileTokenId: inert('fileTokenId'),
  notes: inert('notes'),
  tools: inert('tools'),
  schemas: inert('schemas'),
  feed: { publish: () => undefined },
  keyring: inert('keyring'),
  vault: inert('vault'),
  credentials: inert('credentials'),
  webhookTargets: inert('webhookTargets'),
  codec: inert('codec'),
  config: {
    rateLimitPerMinute: 1,
    authFailuresPerMinute: 1,
    streamLimits: { perToken: 1, perAddress: 1 },
    corsOrigins: [],
  },
  auth: {
    limits: inert('limits'),
    publicUrl: () => 'http://127.0.0.1',
    reportDays: 1,
    hosted: { returnOrigins: [], branding: NO_BRANDING },
  },
  log: pino({ level: 'silent' }),
  now: () => new Date(0),
  newId: (prefix) => `${prefix}_0`,
  metrics: createMetrics(),
  health: async () => ({ engine: 'ok', store: 'ok', worker: 'ok' }),
};

const app = await buildApp(deps, await apiCapabilities(deps));
const answer = await app.inject('/openapi.json');
await app.close();
if (answer.statusCode !== 200) throw new Error(`GET /openapi.json: ${answer.payload}`);
const document = `${JSON.stringify(answer.json(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(FILE, 'utf8').catch(() => '');
  if (committed !== document) {
    console.error('openapi.json differs from the routes. Run: npm run openapi');
    process.exitCode = 1;
  }
} else {
  await writeFile(FILE, document);
  console.log(`openapi.json: ${Object.keys(JSON.parse(document).paths).length} paths`);
}

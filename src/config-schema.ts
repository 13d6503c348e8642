import { z } from 'zod';
import {
  encryptionKeys,
  hostAndPortList,
  httpUrl,
  isHost,
  isHostAndPort,
  milliseconds,
  onOff,
  originList,
  port,
  publicUrl,
  quoted,
  retention,
  store,
  wholeNumber,
} from './config-values.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const MIB_RULE = 'must be MiB, a whole number from 16 to 16777216';

/** How much is logged: pino's levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Every environment variable that Longturn reads, with its default (`prefault`) and its meaning (`describe`).
 * `.env.example` and the README's table are written from it.
 */
export const Environment = z.object({
  LONGTURN_HOST: z
    .string()
    .refine(isHost, quoted('must be a host name or an IP address, without a port, such as 127.0.0.1'))
    .prefault('127.0.0.1')
    .describe('Address on which the API listens. Anything but loopback is reachable from elsewhere.'),
  LONGTURN_PORT: port().prefault('8080').describe('Port of the API; 0 = any free port.'),
  LONGTURN_DATA: z
    .string()
    .prefault('./data')
    .describe('Data folder: database, engine database, token file, workspaces, engine log.'),
  LONGTURN_TOKEN_FILE: z
    .string()
    .optional()
    .describe('File of the admin token; default: `token` in the data folder.'),
  LONGTURN_STORE: store()
    .prefault('sqlite')
    .describe('`sqlite` (a file in the data folder) or `postgres://user:password@host:5432/database`.'),
  LONGTURN_AGENTS: z.string().prefault('./agents').describe('Folder of agent definitions (`*.md`).'),
  LONGTURN_ENGINE_PORT: port()
    .prefault('7233')
    .describe('Port of the embedded Temporal server on 127.0.0.1; 0 = any free port.'),
  LONGTURN_ENGINE_UI_PORT: port()
    .optional()
    .describe(
      "Port of the embedded server's web UI on 127.0.0.1, such as 8233; 0 = any free port. Not set: there is none (docs/security.md).",
    ),
  LONGTURN_ENGINE_METRICS_PORT: port()
    .optional()
    .describe("Port of the embedded server's own metrics (`/metrics`) on 127.0.0.1. Not set: any free port."),
  LONGTURN_ENGINE_PGO: onOff('on').describe(
    'Whether a Temporal server that is built here is built by the profile `engine/temporal.pgo`: it takes 2 minutes more and then less CPU (docs/performance.md).',
  ),
  LONGTURN_LOG_LEVEL: z
    .enum(LOG_LEVELS, quoted(`must be one of ${LOG_LEVELS.join(', ')}`))
    .prefault('info')
    .describe('`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.'),
  LONGTURN_HTTP_FETCH_ALLOW: hostAndPortList()
    .prefault('')
    .describe('Private addresses that the tool `http_fetch` may reach: `host:port`, divided by commas.'),
  LONGTURN_SANDBOX_MEMORY_MIB: wholeNumber(16, 16_777_216, MIB_RULE)
    .prefault('2048')
    .describe("Most memory of an agent's commands on a worker, together, in MiB (docs/security.md)."),
  LONGTURN_SANDBOX_PROCESSES: wholeNumber(8, 1_000_000, 'must be a whole number from 8 to 1000000')
    .prefault('512')
    .describe("Most processes and threads of an agent's commands on a worker, together."),
  LONGTURN_WORKSPACE_MIB: wholeNumber(16, 16_777_216, MIB_RULE)
    .prefault('4096')
    .describe("Most that an agent's workspace takes up of the disk, in MiB."),
  LONGTURN_RATE_LIMIT: wholeNumber(0, 10_000_000, 'must be a whole number; 0 = no limit')
    .prefault('6000')
    .describe('Most requests a minute of one token; 0 = no limit.'),
  LONGTURN_AUTH_FAILURE_LIMIT: wholeNumber(0, 10_000_000, 'must be a whole number; 0 = no limit')
    .prefault('60')
    .describe('Most failed authentications a minute of one address; 0 = no limit.'),
  LONGTURN_STREAM_LIMIT: wholeNumber(0, 10_000_000, 'must be a whole number; 0 = no limit')
    .prefault('1000')
    .describe('Most open event streams of one token, in each API process; 0 = no limit.'),
  LONGTURN_ADDRESS_STREAM_LIMIT: wholeNumber(0, 10_000_000, 'must be a whole number; 0 = no limit')
    .prefault('5000')
    .describe('Most open event streams of one address, in each API process; 0 = no limit.'),
  LONGTURN_MAX_CACHED_WORKFLOWS: wholeNumber(1, 1_000_000, 'must be a whole number from 1 to 1000000')
    .prefault('500')
    .describe('How many turns a worker keeps in memory; others are replayed from history when they go on.'),
  LONGTURN_STACK_TRACES: onOff('off').describe(
    "Whether the stack trace query of Temporal's UI says where a turn waits: `on` or `off`. It takes about a tenth of a worker's CPU; what a turn waits for is in the API's view of it either way.",
  ),
  LONGTURN_RETENTION: retention()
    .prefault('')
    .describe(
      'Days after which content is deleted, by kind: `transcripts=90,ledger=30,deltas=1,notes=365`; what is not named is kept (docs/operations.md).',
    ),
  LONGTURN_WORKER_PORT: port()
    .optional()
    .describe(
      'Port on which a worker process serves `/metrics` and `/healthz`, without a token; 0 = any free port. Not set: none; with `npm start` the API serves the metrics.',
    ),
  LONGTURN_WORKER_HOST: z
    .string()
    .refine(isHost, quoted('must be a host name or an IP address, without a port, such as 127.0.0.1'))
    .prefault('127.0.0.1')
    .describe('Address on which a worker serves `/metrics` and `/healthz`.'),
  LONGTURN_DRAIN_MS: milliseconds(0)
    .prefault('3000')
    .describe(
      'How long a worker that is told to end lets running tools and model calls go on, in milliseconds.',
    ),
  LONGTURN_WORKER_VERSIONING: onOff('off').describe(
    '`on`: turns are kept to builds of the workflow code, and `npm run deployment` promotes them (docs/operations.md). For several workers.',
  ),
  LONGTURN_CAPABILITY_WAIT_MS: milliseconds(0)
    .prefault('60000')
    .describe(
      'How long a turn waits for a worker that has its tool or model when none says so, in milliseconds. Beside the embedded server there is one worker, and nothing is waited for.',
    ),
  LONGTURN_PUBLIC_URL: publicUrl()
    .optional()
    .describe('Address at which people reach the API, for links to hosted pages; default: where it listens.'),
  LONGTURN_CORS_ORIGINS: originList()
    .prefault('')
    .describe('Origins whose pages may call the API from a browser, divided by commas; `*` is refused.'),
  LONGTURN_WEBHOOK_ALLOW: hostAndPortList()
    .prefault('')
    .describe(
      'Receivers to which webhooks may be sent although they are private, or by http: `host:port`, divided by commas, such as `localhost:9000`.',
    ),
  LONGTURN_ENCRYPTION_KEYS: encryptionKeys()
    .optional()
    .describe(
      'Keys for what is secret: `id:base64 of 32 bytes`, divided by commas; the first encrypts, all decrypt. Default: a key in the file `keys` of the data folder; several hosts must share theirs.',
    ),
  LONGTURN_CREDENTIAL_PROVIDERS: z
    .string()
    .optional()
    .describe('A YAML file that names places elsewhere in which logins are kept (docs/managed-auth.md).'),
  LONGTURN_AUTH_INPUT_TIMEOUT_MS: milliseconds(100)
    .prefault('600000')
    .describe('How long a login waits for an answer, in milliseconds.'),
  LONGTURN_AUTH_FLOW_TIMEOUT_MS: milliseconds(100)
    .prefault('1200000')
    .describe('How long a login may take in all, in milliseconds.'),
  LONGTURN_AUTH_PARK_AFTER_MS: milliseconds(0)
    .prefault('60000')
    .describe('How long a page that waits for an answer stays open in the browser, in milliseconds.'),
  LONGTURN_HOSTED_PAGE: z
    .string()
    .optional()
    .describe('A YAML file with name, logo and colours of the hosted page (docs/managed-auth.md).'),
  LONGTURN_HOSTED_RETURN_ORIGINS: originList()
    .prefault('')
    .describe(
      'Origins beside the site of LONGTURN_PUBLIC_URL to which the hosted page may send people when a login has ended, divided by commas (docs/managed-auth.md).',
    ),
  LONGTURN_AUTH_REPORT_DAYS: wholeNumber(1, 3_650, 'must be days, a whole number from 1 to 3650')
    .prefault('30')
    .describe('How long a report of a page (`POST /auth/connections/{id}/report`) is kept, in days.'),
  LONGTURN_AUTH_PREVIEW: onOff('off').describe(
    "Whether the hosted page can show a picture of the site's page that asks, every field covered (docs/managed-auth.md): `on` or `off`.",
  ),
  LONGTURN_BROWSER_ALLOW: hostAndPortList()
    .prefault('')
    .describe(
      'Private addresses that the browser may reach: `host:port`, divided by commas; http is taken only for these.',
    ),
  LONGTURN_BROWSER_PATH: z
    .string()
    .optional()
    .describe("Chromium's program; default: the one that the system has."),
  LONGTURN_BROWSER_CONTEXTS: wholeNumber(1, 1_000, 'must be a whole number from 1 to 1000')
    .prefault('20')
    .describe('Most logins that a worker holds open in its browser at once.'),
  LONGTURN_MODELS: z
    .string()
    .optional()
    .describe(
      'A YAML file that says what providers and models allow, and what stands in for them (docs/models.md).',
    ),
  ANTHROPIC_API_KEY: z.string().optional().describe('Key for models `anthropic/…`.'),
  ANTHROPIC_BASE_URL: httpUrl().optional().describe("Another address of Anthropic's API."),
  OPENAI_API_KEY: z.string().optional().describe('Key for models `openai/…` and `openai-compatible/…`.'),
  OPENAI_BASE_URL: httpUrl()
    .optional()
    .describe("Another address of OpenAI's API; the address of models `openai-compatible/…`."),
  TEMPORAL_ADDRESS: z
    .string()
    .refine(isHostAndPort, quoted('must be host:port without http://, such as temporal.example.com:7233'))
    .optional()
    .describe('A Temporal server to use instead of the embedded one.'),
  TEMPORAL_NAMESPACE: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, quoted('must be letters, digits, ".", "_", "-", such as default'))
    .optional()
    .describe('Temporal namespace. The embedded server and an address without a profile use `default`.'),
  TEMPORAL_PROFILE: z
    .string()
    .optional()
    .describe("Profile of Temporal's configuration file to use instead of the embedded server."),
  TEMPORAL_CONFIG_FILE: z
    .string()
    .optional()
    .describe("Temporal's configuration file (TOML), used instead of the embedded server."),
  TEMPORAL_CLI_PATH: z
    .string()
    .optional()
    .describe('A `temporal` binary (1.5 or newer) to run as the engine.'),
});

/** One environment variable, as documentation shows it. */
export interface ConfigVariable {
  name: string;
  /** Undefined: not set unless somebody sets it. */
  default: string | undefined;
  meaning: string;
}

/** Every variable of {@link Environment}, in its order. */
export const CONFIG_VARIABLES: readonly ConfigVariable[] = Object.entries(Environment.shape).map(
  ([name, schema]) => ({
    name,
    default: schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : undefined,
    meaning: schema.description ?? '',
  }),
);

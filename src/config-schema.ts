import { isIP } from 'node:net';
import { z } from 'zod';

const HOST_NAME = /^(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?$/;
const HOST_AND_PORT = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** How much is logged: pino's levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where rows are kept: the SQLite file of the data folder, or a PostgreSQL database. */
type StoreSetting = { kind: 'sqlite' } | { kind: 'postgres'; url: string };

const wholeNumber = (min: number, max: number, right: string) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `is ${JSON.stringify(text)}; ${right}` });
    return z.NEVER;
  });

const PORT_RULE = 'must be a port from 1 to 65535, or 0 for any free one, such as 8080';
const port = () => wholeNumber(0, 65_535, PORT_RULE);

const isHost = (text: string) => isIP(text) !== 0 || HOST_NAME.test(text);
const isHostAndPort = (text: string) => {
  const digits = HOST_AND_PORT.exec(text)?.[1];
  return digits !== undefined && Number(digits) >= 1 && Number(digits) <= 65_535;
};

const quoted = (right: string) => ({
  error: ({ input }: { input?: unknown }) => `is ${JSON.stringify(input)}; ${right}`,
});

const httpUrl = () =>
  z
    .string()
    .refine(
      (text) => /^https?:\/\//.test(text) && URL.canParse(text),
      quoted('must be an http:// or https:// address, such as https://models.example.com/v1'),
    );

const store = () =>
  z.string().transform((text, context): StoreSetting => {
    if (text === 'sqlite') return { kind: 'sqlite' };
    if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text };
    // The value may hold a password: it is not repeated.
    const message = 'must be sqlite, or postgres://user:password@host:5432/database';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const hostAndPortList = () =>
  z.string().transform((text, context) => {
    const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
    for (const entry of entries.filter((candidate) => !isHostAndPort(candidate))) {
      const message = `names ${JSON.stringify(entry)}; must be host:port, several divided by commas, such as 127.0.0.1:9000,wiki.lan:80`;
      context.addIssue({ code: 'custom', message });
    }
    return entries.map((entry) => entry.toLowerCase());
  });

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
  LONGTURN_STORE: store()
    .prefault('sqlite')
    .describe('`sqlite` (a file in the data folder) or `postgres://user:password@host:5432/database`.'),
  LONGTURN_AGENTS: z.string().prefault('./agents').describe('Folder of agent definitions (`*.md`).'),
  LONGTURN_ENGINE_PORT: port()
    .prefault('7233')
    .describe('Port of the embedded Temporal server on 127.0.0.1; 0 = any free port.'),
  LONGTURN_ENGINE_UI_PORT: port()
    .prefault('8233')
    .describe("Port of the embedded server's web UI on 127.0.0.1; 0 = any free port."),
  LONGTURN_LOG_LEVEL: z
    .enum(LOG_LEVELS, quoted(`must be one of ${LOG_LEVELS.join(', ')}`))
    .prefault('info')
    .describe('`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.'),
  LONGTURN_HTTP_FETCH_ALLOW: hostAndPortList()
    .prefault('')
    .describe('Private addresses that the tool `http_fetch` may reach: `host:port`, divided by commas.'),
  LONGTURN_RATE_LIMIT: wholeNumber(0, 10_000_000, 'must be a whole number; 0 = no limit')
    .prefault('6000')
    .describe('Most requests a minute of one token; 0 = no limit.'),
  LONGTURN_AUTH_FAILURE_LIMIT: wholeNumber(0, 10_000_000, 'must be a whole number; 0 = no limit')
    .prefault('60')
    .describe('Most failed authentications a minute of one address; 0 = no limit.'),
  LONGTURN_MAX_CACHED_WORKFLOWS: wholeNumber(1, 1_000_000, 'must be a whole number from 1 to 1000000')
    .prefault('500')
    .describe('How many turns a worker keeps in memory; others are replayed from history when they go on.'),
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

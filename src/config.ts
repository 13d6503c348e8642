import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { CONFIG_VARIABLES, Environment } from './config-schema.ts';
import type { Config, EmbeddedEngine, ExternalEngine } from './config-types.ts';
import { nearestName } from './nearest-name.ts';

export type * from './config-types.ts';

/** The environment is wrong; the message lists every problem, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration is wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

type Variables = Record<string, string>;

/** Any of these set: the engine is elsewhere, and none is started. */
const EXTERNAL_ENGINE = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

/**
 * Reads the configuration from `env` and from `.env` in `cwd`; `env` wins. A variable set to nothing counts as not set.
 * @throws {ConfigError} listing every problem.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): Config {
  const variables = mergeVariables(env, cwd);
  const parsed = Environment.safeParse(variables);
  const issues = parsed.error?.issues ?? [];
  const problems = [
    ...issues.map((issue) => `${issue.path.join('.')} ${issue.message}`),
    ...unknownVariables(variables),
    ...portClashes(variables),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data, variables, cwd);
}

function mergeVariables(env: NodeJS.ProcessEnv, cwd: string): Variables {
  const file = join(cwd, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const merged = Object.entries({ ...fromFile, ...env });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => !!entry[1]?.trim()));
}

function unknownVariables(variables: Variables): string[] {
  const known = CONFIG_VARIABLES.map(({ name }) => name);
  return Object.keys(variables)
    .filter((name) => name.startsWith('LONGTURN_') && !name.startsWith('LONGTURN_TEST_'))
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `${name} is not a variable of Longturn; ${nearest ? `did you mean ${nearest}?` : 'remove it (.env.example lists all)'}`;
    });
}

function portClashes(variables: Variables): string[] {
  if (EXTERNAL_ENGINE.some((name) => variables[name])) return [];
  const names = [
    'LONGTURN_PORT',
    'LONGTURN_ENGINE_PORT',
    'LONGTURN_ENGINE_UI_PORT',
    'LONGTURN_ENGINE_METRICS_PORT',
    'LONGTURN_WORKER_PORT',
  ];
  const ports = names.map((name) => ({
    name,
    port: variables[name] ?? CONFIG_VARIABLES.find((variable) => variable.name === name)?.default,
  }));
  return ports.flatMap(({ name, port }, index) => {
    const earlier = ports
      .slice(0, index)
      .find((other) => port !== undefined && other.port === port && port !== '0');
    return earlier ? [`${name} is ${port}, as ${earlier.name} is; must be another port, or 0`] : [];
  });
}

function toConfig(values: z.output<typeof Environment>, variables: Variables, cwd: string): Config {
  const dataDir = resolve(cwd, values.LONGTURN_DATA);
  const setting = values.LONGTURN_STORE;
  return {
    host: values.LONGTURN_HOST,
    port: values.LONGTURN_PORT,
    dataDir,
    tokenFile: values.LONGTURN_TOKEN_FILE ? resolve(cwd, values.LONGTURN_TOKEN_FILE) : join(dataDir, 'token'),
    agentsDir: resolve(cwd, values.LONGTURN_AGENTS),
    store: setting.kind === 'sqlite' ? { kind: 'sqlite', file: join(dataDir, 'longturn.db') } : setting,
    engine: engineConfig(values, variables, cwd),
    models: {
      ...(values.ANTHROPIC_API_KEY && { anthropicApiKey: values.ANTHROPIC_API_KEY }),
      ...(values.ANTHROPIC_BASE_URL && { anthropicBaseUrl: values.ANTHROPIC_BASE_URL }),
      ...(values.OPENAI_API_KEY && { openaiApiKey: values.OPENAI_API_KEY }),
      ...(values.OPENAI_BASE_URL && { openaiBaseUrl: values.OPENAI_BASE_URL }),
    },
    ...(values.LONGTURN_MODELS && { modelsFile: resolve(cwd, values.LONGTURN_MODELS) }),
    logLevel: values.LONGTURN_LOG_LEVEL,
    httpFetchAllow: values.LONGTURN_HTTP_FETCH_ALLOW,
    sandbox: {
      memoryMiB: values.LONGTURN_SANDBOX_MEMORY_MIB,
      processes: values.LONGTURN_SANDBOX_PROCESSES,
      workspaceMiB: values.LONGTURN_WORKSPACE_MIB,
    },
    rateLimitPerMinute: values.LONGTURN_RATE_LIMIT,
    authFailureLimitPerMinute: values.LONGTURN_AUTH_FAILURE_LIMIT,
    streamLimits: {
      perToken: values.LONGTURN_STREAM_LIMIT,
      perAddress: values.LONGTURN_ADDRESS_STREAM_LIMIT,
    },
    maxCachedWorkflows: values.LONGTURN_MAX_CACHED_WORKFLOWS,
    stackTraces: values.LONGTURN_STACK_TRACES === 'on',
    retention: values.LONGTURN_RETENTION,
    workerHttp: {
      host: values.LONGTURN_WORKER_HOST,
      ...(values.LONGTURN_WORKER_PORT !== undefined && { port: values.LONGTURN_WORKER_PORT }),
    },
    drainMs: values.LONGTURN_DRAIN_MS,
    workerVersioning: values.LONGTURN_WORKER_VERSIONING === 'on',
    capabilityPatienceMs: values.LONGTURN_CAPABILITY_WAIT_MS,
    corsOrigins: values.LONGTURN_CORS_ORIGINS,
    keysFile: join(dataDir, 'keys'),
    variable: (name) => variables[name],
    ...authConfig(values, cwd),
  };
}

/** What managed auth is set to. */
function authConfig(values: z.output<typeof Environment>, cwd: string) {
  const { LONGTURN_PUBLIC_URL: publicUrl, LONGTURN_ENCRYPTION_KEYS: encryptionKeys } = values;
  const { LONGTURN_CREDENTIAL_PROVIDERS: providers, LONGTURN_BROWSER_PATH: browserPath } = values;
  const { LONGTURN_HOSTED_PAGE: hostedPage } = values;
  return {
    ...(publicUrl && { publicUrl }),
    ...(encryptionKeys && { encryptionKeys }),
    ...(providers && { credentialProvidersFile: resolve(cwd, providers) }),
    auth: {
      inputTimeoutMs: values.LONGTURN_AUTH_INPUT_TIMEOUT_MS,
      flowTimeoutMs: values.LONGTURN_AUTH_FLOW_TIMEOUT_MS,
      parkAfterMs: values.LONGTURN_AUTH_PARK_AFTER_MS,
    },
    hosted: {
      returnOrigins: values.LONGTURN_HOSTED_RETURN_ORIGINS,
      ...(hostedPage && { file: resolve(cwd, hostedPage) }),
    },
    authPreviews: values.LONGTURN_AUTH_PREVIEW === 'on',
    authReportDays: values.LONGTURN_AUTH_REPORT_DAYS,
    browser: {
      allow: values.LONGTURN_BROWSER_ALLOW,
      ...(browserPath && { path: resolve(cwd, browserPath) }),
      maxContexts: values.LONGTURN_BROWSER_CONTEXTS,
    },
    webhooks: { allow: values.LONGTURN_WEBHOOK_ALLOW },
  };
}

function engineConfig(
  values: z.output<typeof Environment>,
  variables: Variables,
  cwd: string,
): EmbeddedEngine | ExternalEngine {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_PROFILE: profile } = values;
  const configFile = values.TEMPORAL_CONFIG_FILE;
  if (address || profile || configFile) {
    return {
      kind: 'external',
      ...(address && { address }),
      ...(namespace && { namespace }),
      ...(profile && { profile }),
      ...(configFile && { configFile: resolve(cwd, configFile) }),
      env: envconfigVariables(variables),
    };
  }
  return {
    kind: 'embedded',
    port: values.LONGTURN_ENGINE_PORT,
    ...(values.LONGTURN_ENGINE_UI_PORT !== undefined && { uiPort: values.LONGTURN_ENGINE_UI_PORT }),
    ...(values.LONGTURN_ENGINE_METRICS_PORT && { metricsPort: values.LONGTURN_ENGINE_METRICS_PORT }),
    namespace: namespace ?? 'default',
    ...(values.TEMPORAL_CLI_PATH && { cliPath: resolve(cwd, values.TEMPORAL_CLI_PATH) }),
    cacheDir: join(cacheHome(variables), 'longturn'),
    profileGuided: values.LONGTURN_ENGINE_PGO === 'on',
    searchPath: (variables['PATH'] ?? '').split(delimiter).filter(isAbsolute),
    ...(variables['GOROOT'] && { goRoot: variables['GOROOT'] }),
  };
}

// The XDG base directory specification: a relative path is to be ignored.
function cacheHome(variables: Variables): string {
  const configured = variables['XDG_CACHE_HOME'];
  return configured && isAbsolute(configured) ? configured : join(homedir(), '.cache');
}

function envconfigVariables(variables: Variables): Record<string, string> {
  const places = ['HOME', 'XDG_CONFIG_HOME', 'APPDATA'];
  const read = ([name]: [string, string]) => name.startsWith('TEMPORAL_') || places.includes(name);
  return Object.fromEntries(Object.entries(variables).filter(read));
}

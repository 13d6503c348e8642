import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { CONFIG_VARIABLES } from '../../src/config-schema.ts';

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'longturn-config-'));

function problemsOf(env: NodeJS.ProcessEnv, cwd = emptyFolder()): readonly string[] {
  try {
    loadConfig(env, cwd);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('has a default for everything that a first start needs', () => {
    const cwd = emptyFolder();
    expect(loadConfig({ HOME: '/home/ann' }, cwd)).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataDir: join(cwd, 'data'),
      tokenFile: join(cwd, 'data', 'token'),
      agentsDir: join(cwd, 'agents'),
      store: { kind: 'sqlite', file: join(cwd, 'data', 'longturn.db') },
      engine: { kind: 'embedded', port: 7233, namespace: 'default' },
      models: {},
      logLevel: 'info',
      httpFetchAllow: [],
      sandbox: { memoryMiB: 2048, processes: 512, workspaceMiB: 4096 },
      rateLimitPerMinute: 6000,
      authFailureLimitPerMinute: 60,
      streamLimits: { perToken: 1_000, perAddress: 5_000 },
      maxCachedWorkflows: 500,
      corsOrigins: [],
      keysFile: join(cwd, 'data', 'keys'),
      auth: { inputTimeoutMs: 600_000, flowTimeoutMs: 1_200_000, parkAfterMs: 60_000 },
      browser: { allow: [], maxContexts: 20 },
      webhooks: { allow: [] },
    });
  });

  it('lists every problem, each with its variable and what would be right', () => {
    const problems = problemsOf({
      LONGTURN_HOST: 'a b',
      LONGTURN_PORT: 'eighty',
      LONGTURN_ENGINE_PORT: '70000',
      LONGTURN_LOG_LEVEL: 'loud',
      LONGTURN_HTTP_FETCH_ALLOW: 'wiki.lan:80, wiki.lan',
      LONGTURN_RATE_LIMIT: '-1',
      LONGTURN_MAX_CACHED_WORKFLOWS: '0',
      OPENAI_BASE_URL: 'models.lan',
      TEMPORAL_ADDRESS: 'http://temporal.lan:7233',
      LONGTURN_AGENT: './agents',
    });
    expect(problems).toEqual([
      expect.stringMatching(/^LONGTURN_HOST is "a b"; must be a host name or an IP address/),
      expect.stringMatching(/^LONGTURN_PORT is "eighty"; must be a port/),
      expect.stringMatching(/^LONGTURN_ENGINE_PORT is "70000"; must be a port/),
      expect.stringMatching(/^LONGTURN_LOG_LEVEL is "loud"; must be one of fatal, error/),
      expect.stringMatching(/^LONGTURN_HTTP_FETCH_ALLOW names "wiki.lan"; must be host:port/),
      expect.stringMatching(/^LONGTURN_RATE_LIMIT is "-1"; must be a whole number/),
      expect.stringMatching(/^LONGTURN_MAX_CACHED_WORKFLOWS is "0"; must be a whole number from 1/),
      expect.stringMatching(/^OPENAI_BASE_URL is "models.lan"; must be an http/),
      expect.stringMatching(/^TEMPORAL_ADDRESS is "http:\/\/temporal.lan:7233"; must be host:port/),
      'LONGTURN_AGENT is not a variable of Longturn; did you mean LONGTURN_AGENTS?',
    ]);
  });

  it('does not repeat a store address, which may hold a password', () => {
    const [problem] = problemsOf({ LONGTURN_STORE: 'mysql://ann:pass-phrase@db/longturn' });
    expect(problem).toMatch(/^LONGTURN_STORE must be sqlite, or postgres:/);
    expect(problem).not.toContain('pass-phrase');
  });

  it('reads what managed auth is set to', () => {
    const cwd = emptyFolder();
    const env = {
      LONGTURN_PUBLIC_URL: 'https://longturn.example.com/base/',
      LONGTURN_CORS_ORIGINS: 'https://app.example.com http://localhost:3000',
      LONGTURN_WEBHOOK_ALLOW: '127.0.0.1:9000',
      LONGTURN_BROWSER_ALLOW: 'localhost:4600,127.0.0.1:4600',
      LONGTURN_BROWSER_PATH: '/usr/bin/chromium',
      LONGTURN_CREDENTIAL_PROVIDERS: 'providers.yaml',
      LONGTURN_AUTH_PARK_AFTER_MS: '0',
    };
    expect(loadConfig(env, cwd)).toMatchObject({
      publicUrl: 'https://longturn.example.com/base',
      corsOrigins: ['https://app.example.com', 'http://localhost:3000'],
      webhooks: { allow: ['127.0.0.1:9000'] },
      browser: { allow: ['localhost:4600', '127.0.0.1:4600'], path: '/usr/bin/chromium' },
      credentialProvidersFile: join(cwd, 'providers.yaml'),
      auth: { parkAfterMs: 0 },
    });
  });

  it('refuses what would open managed auth to anybody', () => {
    expect(
      problemsOf({
        LONGTURN_PUBLIC_URL: 'https://ann:pass-phrase@longturn.example.com',
        LONGTURN_CORS_ORIGINS: '*,https://app.example.com/path',
        LONGTURN_AUTH_INPUT_TIMEOUT_MS: '10',
        LONGTURN_BROWSER_CONTEXTS: '0',
      }),
    ).toEqual([
      expect.stringMatching(/^LONGTURN_PUBLIC_URL must be an http:\/\/ or https:\/\/ address without user/),
      expect.stringMatching(/^LONGTURN_CORS_ORIGINS names "\*"; every origin is not offered/),
      expect.stringMatching(
        /^LONGTURN_CORS_ORIGINS names "https:\/\/app.example.com\/path"; must be origins/,
      ),
      expect.stringMatching(/^LONGTURN_AUTH_INPUT_TIMEOUT_MS is "10"; must be milliseconds/),
      expect.stringMatching(/^LONGTURN_BROWSER_CONTEXTS is "0"; must be a whole number from 1/),
    ]);
  });

  it('refuses one port for two servers, unless it is 0 or the engine is elsewhere', () => {
    expect(problemsOf({ LONGTURN_PORT: '7233' })).toEqual([
      'LONGTURN_ENGINE_PORT is 7233, as LONGTURN_PORT is; must be another port, or 0',
    ]);
    expect(problemsOf({ LONGTURN_ENGINE_PORT: '0', LONGTURN_ENGINE_UI_PORT: '0' })).toEqual([]);
    expect(problemsOf({ LONGTURN_PORT: '7233', TEMPORAL_ADDRESS: 'temporal.lan:7233' })).toEqual([]);
  });

  it.each(['postgres://ann:x@db.lan:5432/longturn', 'postgresql:///longturn?host=/run/postgresql'])(
    'takes the PostgreSQL address %s',
    (url) => {
      expect(loadConfig({ LONGTURN_STORE: url }, emptyFolder()).store).toEqual({ kind: 'postgres', url });
    },
  );

  it.each([
    [{ TEMPORAL_ADDRESS: 'temporal.lan:7233' }, { address: 'temporal.lan:7233' }],
    [{ TEMPORAL_PROFILE: 'cloud' }, { profile: 'cloud' }],
    [{ TEMPORAL_CONFIG_FILE: '/etc/temporal.toml' }, { configFile: '/etc/temporal.toml' }],
  ])('takes %j as an engine that somebody else runs', (env, expected) => {
    const { engine } = loadConfig({ ...env, TEMPORAL_API_KEY: 'k' }, emptyFolder());
    expect(engine).toMatchObject({ kind: 'external', ...expected, env: { ...env, TEMPORAL_API_KEY: 'k' } });
  });

  it('reads .env in the working directory, below the environment', () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.env'), 'LONGTURN_PORT=9001\nLONGTURN_HOST="0.0.0.0"\nLONGTURN_PROT=1\n');
    expect(problemsOf({}, cwd)).toEqual([expect.stringContaining('LONGTURN_PROT')]);
    writeFileSync(join(cwd, '.env'), 'LONGTURN_PORT=9001\nLONGTURN_HOST="0.0.0.0"\n');
    expect(loadConfig({ LONGTURN_PORT: '9002' }, cwd)).toMatchObject({ host: '0.0.0.0', port: 9002 });
  });

  it('counts a variable that is set to nothing as not set', () => {
    const config = loadConfig({ LONGTURN_PORT: '', OPENAI_API_KEY: '', TEMPORAL_ADDRESS: '' }, emptyFolder());
    expect(config).toMatchObject({ port: 8080, models: {}, engine: { kind: 'embedded' } });
  });

  it('keeps binaries where XDG_CACHE_HOME says, if that is absolute', () => {
    const cacheDir = (XDG_CACHE_HOME: string) => {
      const { engine } = loadConfig({ XDG_CACHE_HOME }, emptyFolder());
      return engine.kind === 'embedded' ? engine.cacheDir : undefined;
    };
    expect(cacheDir('/var/cache/ann')).toBe('/var/cache/ann/longturn');
    expect(cacheDir('relative')).toMatch(/\/\.cache\/longturn$/);
  });
});

describe('.env.example', () => {
  it('names every variable', () => {
    const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
    for (const { name, meaning } of CONFIG_VARIABLES) {
      expect(example).toContain(`\n#${name}=`);
      expect(meaning).not.toBe('');
    }
  });

  it('takes days of retention by kind and says what is wrong with others', () => {
    const { retention } = loadConfig({ LONGTURN_RETENTION: 'transcripts=90, ledger=30' }, '/');
    expect(retention).toEqual({ transcripts: 90, ledger: 30 });
    expect(loadConfig({}, '/').retention).toEqual({});
    const rule =
      'must be days by kind (transcripts, ledger, deltas, notes), from 1 to 36500, such as transcripts=90,ledger=30';
    expect(problemsOf({ LONGTURN_RETENTION: 'transcript=90,ledger=0,notes=5,notes=6' })).toEqual([
      `LONGTURN_RETENTION names "transcript=90"; ${rule}`,
      `LONGTURN_RETENTION names "ledger=0"; ${rule}`,
      `LONGTURN_RETENTION names notes twice; ${rule}`,
    ]);
  });

  it("serves a worker's metrics on loopback, and only where a port is set", () => {
    expect(loadConfig({}, '/').workerHttp).toEqual({ host: '127.0.0.1' });
    expect(loadConfig({ LONGTURN_WORKER_PORT: '9464' }, '/').workerHttp.port).toBe(9464);
  });
});

import type { LogLevel } from './config-schema.ts';
import type { EncryptionKey } from './secrets/encryption-keys.ts';

/** A Temporal server that we run ourselves, from a binary that is found, fetched or built. */
export interface EmbeddedEngine {
  kind: 'embedded';
  /** Of gRPC, on 127.0.0.1; 0 = any free port. */
  port: number;
  /** Of the web UI, on 127.0.0.1; 0 = any free port; absent: there is none. */
  uiPort?: number;
  /** Of the server's own metrics, on 127.0.0.1; absent or 0 = any free port. */
  metricsPort?: number;
  namespace: string;
  /** `TEMPORAL_CLI_PATH`: this binary and no other. */
  cliPath?: string;
  /** Where a fetched or built binary is kept. */
  cacheDir: string;
  /** Whether one that is built is built by the profile that is kept with it. */
  profileGuided: boolean;
  /** Folders in which programs are looked for. */
  searchPath: readonly string[];
  goRoot?: string;
}

/** A Temporal server that somebody else runs. */
export interface ExternalEngine {
  kind: 'external';
  address?: string;
  namespace?: string;
  profile?: string;
  configFile?: string;
  /** What `@temporalio/envconfig` reads (`overrideEnvVars`): every TEMPORAL_ variable; may hold secrets. */
  env: Readonly<Record<string, string>>;
}

export type StoreConfig = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

export interface ModelConfig {
  anthropicApiKey?: string;
  anthropicBaseUrl?: string;
  openaiApiKey?: string;
  openaiBaseUrl?: string;
}

/** Bounds of a login, in milliseconds. */
export interface AuthConfig {
  /** Without an answer for this long, a flow expires. */
  inputTimeoutMs: number;
  /** A flow takes no longer than this in all. */
  flowTimeoutMs: number;
  /** A page that waits for an answer stays open for this long; then it is parked. */
  parkAfterMs: number;
}

/** The page on which people answer logins. */
export interface HostedConfig {
  /** Origins, in lower case, to which people may be sent back beside the site of the API. */
  returnOrigins: readonly string[];
  /** Says how it looks. */
  file?: string;
}

/** The worker's browser. */
export interface BrowserConfig {
  /** `host:port` in lower case: private addresses that may be reached, and the only ones by http. */
  allow: readonly string[];
  /** Chromium's program; absent: the system's. */
  path?: string;
  /** Most contexts that are open at once. */
  maxContexts: number;
}

/** Everything that the environment decides. Paths are absolute. */
export interface Config {
  host: string;
  /** Of the API; 0 = any free port. */
  port: number;
  dataDir: string;
  /** Holds the bare admin token. */
  tokenFile: string;
  agentsDir: string;
  store: StoreConfig;
  engine: EmbeddedEngine | ExternalEngine;
  models: ModelConfig;
  /** Says what providers and models allow. */
  modelsFile?: string;
  logLevel: LogLevel;
  /** `host:port`, in lower case. */
  httpFetchAllow: readonly string[];
  /** What each agent's commands and files may take up on a worker. */
  sandbox: { memoryMiB: number; processes: number; workspaceMiB: number };
  /** Requests a minute of one token; 0 = no limit. */
  rateLimitPerMinute: number;
  /** Failed authentications a minute of one address; 0 = no limit. */
  authFailureLimitPerMinute: number;
  /** Open event streams of one token, and of one address; 0 = no limit. */
  streamLimits: { perToken: number; perAddress: number };
  maxCachedWorkflows: number;
  stackTraces: boolean;
  /** Days after which content is deleted, by kind; absent: kept for ever. */
  retention: { transcripts?: number; ledger?: number; deltas?: number; notes?: number };
  /** Where a worker process serves its metrics; without a port nowhere. */
  workerHttp: { host: string; port?: number };
  /** How long what runs may go on when the worker ends, in milliseconds. */
  drainMs: number;
  /** Whether turns are kept to builds of the workflow code. */
  workerVersioning: boolean;
  /** How long a turn waits for a worker that has what others lack, in milliseconds. */
  capabilityPatienceMs: number;
  /** Where people reach the API, without a slash at its end; absent: where it listens. */
  publicUrl?: string;
  /** Origins whose pages may call the API, in lower case. */
  corsOrigins: readonly string[];
  /** The first encrypts, all decrypt; absent: those of {@link Config.keysFile}. */
  encryptionKeys?: readonly EncryptionKey[];
  /** Holds the keys where none are configured; made at the first start. */
  keysFile: string;
  /** Names the credential providers. */
  credentialProvidersFile?: string;
  /** A variable of the environment that the providers' file names. A function, so that no value is printed. */
  variable(name: string): string | undefined;
  auth: AuthConfig;
  hosted: HostedConfig;
  /** Pictures are taken of pages that ask. */
  authPreviews: boolean;
  /** How many days a report of a page is kept. */
  authReportDays: number;
  browser: BrowserConfig;
  webhooks: {
    /** Private addresses that may be sent to: `host:port`, in lower case. */
    allow: readonly string[];
  };
}

import { EngineError } from './engine-error.ts';
import { type GuardedProcess, spawnGuarded } from './guard.ts';
import { ENGINE_IP } from './ports.ts';
import { waitUntilReady } from './ready.ts';
import { openServerLog } from './server-log.ts';
import type { UiPlace } from './ui-proxy.ts';

const READY_TIMEOUT_MS = 60_000;

/** A development server of Temporal to be started. */
export interface ServerCommand {
  binary: string;
  port: number;
  /** Where its web UI listens; absent: it has none. */
  ui?: UiPlace;
  /** Of the server's own metrics; absent: any free one. */
  metricsPort?: number;
  namespace: string;
  /** Absent: everything is in memory. */
  database?: string;
  settings: readonly string[];
  logFile: string;
}

export interface LaunchHooks {
  /** Called as soon as the process lives, long before it is ready. */
  onSpawned?: (server: GuardedProcess) => void;
  signal?: AbortSignal;
}

/**
 * Starts a server under a guard and waits until it answers.
 * @throws {EngineError} with the end of its log where it does not; then it has been ended.
 */
export async function launchServer(command: ServerCommand, hooks: LaunchHooks = {}): Promise<GuardedProcess> {
  const log = openServerLog(command.logFile);
  const server = await spawnGuarded(command.binary, serverArguments(command), log.descriptor).finally(
    log.close,
  );
  hooks.onSpawned?.(server);
  const { port, namespace } = command;
  const ready = await waitUntilReady({
    ip: ENGINE_IP,
    port,
    namespace,
    isAlive: server.isAlive,
    printed: log.read,
    timeoutMs: READY_TIMEOUT_MS,
    ...(hooks.signal && { signal: hooks.signal }),
  });
  if (ready) return server;
  const fault = server.isAlive() ? `did not answer within ${READY_TIMEOUT_MS / 1_000} s` : 'ended at once';
  server.kill('SIGKILL');
  await server.exited;
  throw new EngineError(
    /address already in use/.test(log.read()) ? 'port_lost' : 'engine_failed',
    `The Temporal server ${fault}. ${command.logFile} ends with:\n${log.tail()}`,
  );
}

function serverArguments({ port, ui, metricsPort, namespace, database, settings }: ServerCommand): string[] {
  // What a power cut may take is the last moments, never the database's wholeness.
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  return [
    ...['server', 'start-dev', '--ip', ENGINE_IP, '--port', String(port)],
    ...(ui ? ['--ui-ip', ui.ip, '--ui-port', String(ui.port)] : ['--headless']),
    ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
    ...['--log-level', 'warn'],
    // Nobody uses the HTTP API, which would take requests for any host: pages in browsers could reach it.
    ...['--dynamic-config-value', 'frontend.httpAllowedHosts=["none.invalid"]'],
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...(database ? ['--db-filename', database, ...pragmas] : []),
    ...settings,
  ];
}

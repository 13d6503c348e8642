import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Logger } from 'pino';
import type { Config, EmbeddedEngine, ExternalEngine } from '../config.ts';
import { type EngineFiles, lockDataFolder, openDataFolder } from './data-folder.ts';
import { dynamicConfigFlags } from './dynamic-config.ts';
import { codeOf, EngineError, reasonOf } from './engine-error.ts';
import type { ExclusiveLock } from './exclusive-lock.ts';
import { ensureBinary } from './find-binary.ts';
import { type LaunchHooks, launchServer, type ServerCommand } from './launch.ts';
import { endLeftover } from './leftover.ts';
import { ENGINE_IP, hiddenUiIp, loopbackUrl, takePorts } from './ports.ts';
import { keepPrivate } from './private-folder.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { createSupervisor } from './supervisor.ts';
import { startUiProxy, type UiProxy } from './ui-proxy.ts';

const START_ATTEMPTS = 3;

/** A Temporal server that can be used. */
export interface Engine extends AsyncDisposable {
  /** `host:port` of gRPC. */
  address: string;
  /** Absent where the engine is external, or has no UI. */
  uiUrl?: string;
  namespace: string;
  /** Of the embedded server's process, which changes when it is started again; undefined where the engine is external. */
  pid(): number | undefined;
  /** Has `listener` called each time an embedded server that had ended is ready again. */
  onRestart(listener: () => void): void;
  /** Ends an embedded server, within about 5 s, and frees the data folder; an external one is left alone. */
  stop(): Promise<void>;
}

export interface StartEngineDeps {
  config: Pick<Config, 'dataDir' | 'engine'>;
  log: Logger;
}

/**
 * The engine of the configuration: an embedded server is started and kept running, an external one only named.
 * @throws {EngineError} with what to do about it.
 */
export async function startEngine({ config, log }: StartEngineDeps): Promise<Engine> {
  const { engine } = config;
  if (engine.kind === 'external') return externalEngine(engine, log);
  const files = openDataFolder(config.dataDir);
  const lock = await lockDataFolder(files);
  try {
    const exposed = keepPrivate(files.dataDir);
    if (exposed) log.warn(exposed);
    await endLeftover(files, log);
    return await startEmbedded(engine, files, lock, log);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startEmbedded(
  engine: EmbeddedEngine,
  files: EngineFiles,
  lock: ExclusiveLock,
  log: Logger,
): Promise<Engine> {
  const settings = dynamicConfigFlags();
  await requestPorts(engine);
  const binary = await ensureBinary(engine, (line) => log.info(line));
  log.info(`Temporal server: ${binary.path} (version ${binary.version}, from ${binary.source})`);
  const { namespace, metricsPort } = engine;
  const listeners: Array<() => void> = [];
  const base = {
    binary: binary.path,
    namespace,
    settings,
    database: files.database,
    logFile: files.log,
    ...(metricsPort !== undefined && { metricsPort }),
  };
  const { supervisor, address, ui } = await startOnPorts(engine, base, files, log, () => {
    for (const listener of listeners) listener();
  });
  const stop = once(async () => {
    await ui?.close();
    await supervisor.stop();
    removeRunFile(files.run);
    lock.release();
  });
  return {
    address,
    ...(ui && { uiUrl: ui.url }),
    namespace,
    pid: supervisor.pid,
    onRestart: (listener) => listeners.push(listener),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type CommandBase = Omit<ServerCommand, 'port' | 'ui'>;

/**
 * A free port may be lost to another program before the server has it: then others are taken. The server itself takes free ones
 * for its inner services, so that may happen also where ours are fixed.
 */
async function startOnPorts(
  engine: EmbeddedEngine,
  base: CommandBase,
  files: EngineFiles,
  log: Logger,
  onRestart: () => void,
) {
  for (let attempt = 1; ; attempt++) {
    const [port = 0, uiPort, hiddenPort] = await requestPorts(engine);
    const hasUi = uiPort !== undefined && hiddenPort !== undefined;
    const place = { address: `${ENGINE_IP}:${port}`, ...(hasUi && { uiUrl: loopbackUrl(uiPort) }) };
    const hidden = hasUi && { ip: hiddenUiIp(), port: hiddenPort };
    const launch = launchOn({ ...base, port, ...(hidden && { ui: hidden }) }, place, files, log);
    const supervisor = createSupervisor({ launch, log, onRestart });
    let ui: UiProxy | undefined;
    try {
      if (hidden) ui = await startUiProxy(uiPort, hidden);
      await supervisor.start();
      return { supervisor, address: place.address, ui };
    } catch (error) {
      await ui?.close();
      removeRunFile(files.run);
      if (!isPortLost(error) || attempt === START_ATTEMPTS) throw error;
      log.warn('another program took a port of the Temporal server; starting it again on others');
    }
  }
}

/** Of the server's, or of our proxy's for its UI. */
function isPortLost(error: unknown): boolean {
  return error instanceof EngineError ? error.failure === 'port_lost' : codeOf(error) === 'EADDRINUSE';
}

function launchOn(
  command: ServerCommand,
  place: { address: string; uiUrl?: string },
  files: EngineFiles,
  log: Logger,
) {
  return async ({ onSpawned, signal }: LaunchHooks) => {
    // The guard may have been killed and not its server: never two on one database.
    await endLeftover(files, log);
    return await launchServer(command, {
      ...(signal && { signal }),
      onSpawned: (server) => {
        onSpawned?.(server);
        const { namespace } = command;
        writeRunFile(files.run, { pid: server.pid, ownerPid: process.pid, namespace, ...place });
      },
    });
  };
}

/** The server's port and, where there is a UI, the port of our proxy and the one of the UI itself. */
const requestPorts = ({ port, uiPort }: EmbeddedEngine) =>
  takePorts([
    { variable: 'LONGTURN_ENGINE_PORT', port },
    ...(uiPort === undefined
      ? []
      : [
          { variable: 'LONGTURN_ENGINE_UI_PORT', port: uiPort },
          { variable: "the UI's own", port: 0 },
        ]),
  ]);

function externalEngine(engine: ExternalEngine, log: Logger): Engine {
  const { address, namespace } = resolveExternal(engine);
  log.info(`Temporal server: ${address}, namespace ${namespace} (external; none is started)`);
  const stop = async () => undefined;
  return {
    address,
    namespace,
    pid: () => undefined,
    onRestart: () => undefined,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** @throws {EngineError} where Temporal's configuration file or profile gives no address. */
function resolveExternal(engine: ExternalEngine): { address: string; namespace: string } {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: { ...engine.env } });
    const { address } = connectionOptions;
    if (!address) throw new Error('it gives no address');
    return { address, namespace: namespace ?? 'default' };
  } catch (error) {
    const message = `Temporal's profile ${engine.profile ?? 'default'}${engine.configFile ? ` of ${engine.configFile}` : ''} cannot be used: ${reasonOf(error)}. Mend TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE, or set TEMPORAL_ADDRESS.`;
    throw new EngineError('settings_wrong', message, { cause: error });
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

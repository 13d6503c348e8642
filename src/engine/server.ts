// npm run start:engine: the embedded engine alone, until SIGINT or SIGTERM.
import { once } from 'node:events';
import { ConfigError, loadConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { EngineError } from './engine-error.ts';
import { makeFilesPrivate } from './private-folder.ts';
import { startEngine } from './start-engine.ts';

makeFilesPrivate();
try {
  const config = loadConfig();
  if (config.engine.kind === 'external') {
    throw new EngineError(
      'settings_wrong',
      'TEMPORAL_ADDRESS, TEMPORAL_PROFILE or TEMPORAL_CONFIG_FILE is set: the engine is elsewhere and none is started here. Unset it to run one here.',
    );
  }
  const log = createLogger({ level: config.logLevel });
  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // A signal that is repeated while the server ends changes nothing.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const engine = await startEngine({ config, log });
  process.stdout.write(
    `Temporal server: ${engine.address} (namespace ${engine.namespace})\n${engine.uiUrl ? `Temporal UI: ${engine.uiUrl}\n` : ''}`,
  );
  await asked;
  await engine.stop();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof EngineError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

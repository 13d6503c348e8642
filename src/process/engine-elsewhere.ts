import type { Config } from '../config.ts';
import { engineFiles } from '../engine/data-folder.ts';
import { readRunFile } from '../engine/run-file.ts';
import { type EngineAddress, externalEngine, localEngine } from '../temporal/connect.ts';

/**
 * The engine of a process that starts none: an external one, or the one that runs on this data folder; where none does
 * yet, the one that will, at the configured port.
 */
export function engineElsewhere({ engine, dataDir }: Config): EngineAddress {
  if (engine.kind === 'external') return externalEngine(engine);
  const running = readRunFile(engineFiles(dataDir).run);
  return localEngine(running?.address ?? `127.0.0.1:${engine.port}`, running?.namespace ?? engine.namespace);
}

import type { Config } from '../config.ts';
import { type EngineAddress, externalEngine, localEngine } from '../temporal/connect.ts';

/** The engine of a process that starts none: an external one, or the one that `start:engine` runs on this host. */
export function engineElsewhere({ engine }: Config): EngineAddress {
  if (engine.kind === 'external') return externalEngine(engine);
  return localEngine(`127.0.0.1:${engine.port}`, engine.namespace);
}

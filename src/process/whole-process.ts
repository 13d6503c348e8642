import { createMetrics } from '../api/health/metrics.ts';
import { assertDataFolderFree } from '../engine/data-folder.ts';
import { startEngine } from '../engine/start-engine.ts';
import { checkSqliteFile } from '../store/sqlite-check.ts';
import { externalEngine, localEngine } from '../temporal/connect.ts';
import { startApiPart } from './api-part.ts';
import { checkFiles } from './check-files.ts';
import { assertPortFree } from './free-port.ts';
import { greeting } from './greeting.ts';
import { openBase } from './open-base.ts';
import type { ProcessDeps } from './run-process.ts';
import { startWorkerPart } from './worker-part.ts';

/** Engine, worker and API, in one process and a child. */
export async function startAll({ config, log, running }: ProcessDeps): Promise<void> {
  await checkFiles(config);
  if (config.engine.kind === 'embedded') await assertDataFolderFree(config.dataDir);
  await assertPortFree(config.host, config.port);
  // Before the engine is started: a start that cannot be must change nothing.
  if (config.store.kind === 'sqlite') await checkSqliteFile(config.store.file);
  const server = running.use(await startEngine({ config, log }));
  const engine =
    config.engine.kind === 'external'
      ? externalEngine(config.engine)
      : localEngine(server.address, server.namespace);
  const base = await openBase({ config, engine, log, together: true }, running);
  const metrics = createMetrics();
  const worker = await startWorkerPart(base, metrics, running);
  const api = await startApiPart(base, metrics, running, worker);
  process.stdout.write(greeting(config, api, server.uiUrl));
}

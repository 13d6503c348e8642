/** npm run start:worker: a worker for turns; many may run. */
import { createMetrics } from './src/api/health/metrics.ts';
import { engineElsewhere } from './src/process/engine-elsewhere.ts';
import { openBase } from './src/process/open-base.ts';
import { runProcess } from './src/process/run-process.ts';
import { serveWorker } from './src/process/serve-worker.ts';
import { startWorkerPart } from './src/process/worker-part.ts';

await runProcess(async ({ config, log, running }) => {
  const base = await openBase({ config, engine: engineElsewhere(config), log, together: false }, running);
  const metrics = createMetrics();
  const { polls } = await startWorkerPart(base, metrics, running);
  const serving = await serveWorker({ base, metrics, polls }, running);
  log.info({ engine: base.engine.address, ...serving }, 'worker is ready');
});

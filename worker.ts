/** npm run start:worker: a worker for turns; many may run. */
import { createMetrics } from './src/api/metrics.ts';
import { engineElsewhere } from './src/process/engine-elsewhere.ts';
import { openBase } from './src/process/open-base.ts';
import { runProcess } from './src/process/run-process.ts';
import { startWorkerPart } from './src/process/worker-part.ts';

await runProcess(async ({ config, log, running }) => {
  const base = await openBase({ config, engine: engineElsewhere(config), log, together: false }, running);
  await startWorkerPart(base, createMetrics(), running);
  log.info({ engine: base.engine.address }, 'worker is ready');
});

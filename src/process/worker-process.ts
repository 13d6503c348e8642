import { createMetrics } from '../api/health/metrics.ts';
import { engineElsewhere } from './engine-elsewhere.ts';
import { openBase } from './open-base.ts';
import type { ProcessDeps } from './run-process.ts';
import { serveWorker } from './serve-worker.ts';
import { startWorkerPart } from './worker-part.ts';

/** A worker alone; many may run. */
export async function startWorker({ config, log, running }: ProcessDeps): Promise<void> {
  const base = await openBase({ config, engine: engineElsewhere(config), log, together: false }, running);
  const metrics = createMetrics();
  const { polls } = await startWorkerPart(base, metrics, running);
  const serving = await serveWorker({ base, metrics, polls }, running);
  log.info({ engine: base.engine.address, ...serving }, 'worker is ready');
}

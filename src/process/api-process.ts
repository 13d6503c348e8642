import { createMetrics } from '../api/health/metrics.ts';
import { startApiPart } from './api-part.ts';
import { engineElsewhere } from './engine-elsewhere.ts';
import { assertPortFree } from './free-port.ts';
import { openBase } from './open-base.ts';
import type { ProcessDeps } from './run-process.ts';

/** The API alone; any instance answers any request. */
export async function startApi({ config, log, running }: ProcessDeps): Promise<void> {
  await assertPortFree(config.host, config.port);
  const base = await openBase({ config, engine: engineElsewhere(config), log, together: false }, running);
  const { url } = await startApiPart(base, createMetrics(), running);
  process.stdout.write(`API: ${url}\nToken file: ${config.tokenFile}\n`);
}

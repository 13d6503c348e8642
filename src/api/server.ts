/** npm run start:api: the API alone; any instance answers any request. */
import { startApiPart } from '../process/api-part.ts';
import { engineElsewhere } from '../process/engine-elsewhere.ts';
import { assertPortFree } from '../process/free-port.ts';
import { openBase } from '../process/open-base.ts';
import { runProcess } from '../process/run-process.ts';
import { createMetrics } from './health/metrics.ts';

await runProcess(async ({ config, log, running }) => {
  await assertPortFree(config.host, config.port);
  const base = await openBase({ config, engine: engineElsewhere(config), log, together: false }, running);
  const { url } = await startApiPart(base, createMetrics(), running);
  process.stdout.write(`API: ${url}\nToken file: ${config.tokenFile}\n`);
});

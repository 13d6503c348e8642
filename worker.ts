/** npm run start:worker: a worker for turns; many may run. */
import { runProcess } from './src/process/run-process.ts';
import { startWorker } from './src/process/worker-process.ts';

await runProcess(startWorker);

/** npm start: engine, worker and API, in one process and a child. */
import { runProcess } from './process/run-process.ts';
import { startAll } from './process/whole-process.ts';

await runProcess(startAll);

/** npm run start:api: the API alone; any instance answers any request. */
import { startApi } from './src/process/api-process.ts';
import { runProcess } from './src/process/run-process.ts';

await runProcess(startApi);

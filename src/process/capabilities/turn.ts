import { createHttpFetch } from '../../tools/http-fetch.ts';
import { createListFiles } from '../../tools/list-files.ts';
import { createReadFile } from '../../tools/read-file.ts';
import { createRunCommand } from '../../tools/run-command.ts';
import { createSearchFiles } from '../../tools/search-files.ts';
import { createWriteFile } from '../../tools/write-file.ts';
import type { Capability } from './capability.ts';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin';

/** The kernel: turns, their calls, approvals and grants, in sessions. */
export const turn: Capability = {
  tools: ({ httpFetchAllow, searchPath = SYSTEM_PATH }) => [
    createReadFile(),
    createWriteFile(),
    createListFiles(),
    createSearchFiles(),
    createHttpFetch({ allow: httpFetchAllow }),
    createRunCommand({ searchPath }),
  ],
  api: async (deps) => (await import('./turn-api.ts')).turnApi(deps),
  worker: async (context) => (await import('./turn-worker.ts')).turnWorker(context),
};

import type { Logger } from 'pino';
import { clearSetIds } from '../tools/files/clear-set-ids.ts';

/**
 * Takes away, beside everything else, what commands of older versions could leave in workspaces for other users of the machine, and
 * warns of it. Ends when released.
 */
export function mendWorkspaces(workspacesDir: string, log: Logger): AsyncDisposable {
  const over = new AbortController();
  const mending = clearSetIds(workspacesDir, over.signal)
    .then((cleared) => {
      for (const [workspace, files] of cleared) {
        log.warn({ workspace, files }, 'a workspace had set-uid or set-gid files; they have lost those bits');
      }
    })
    .catch((error: unknown) => {
      if (!over.signal.aborted)
        log.error({ err: error }, 'workspaces could not be searched for set-uid files');
    });
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await mending;
    },
  };
}

import { type FSWatcher, watch } from 'node:fs';
import { type ImportDeps, importDefinitions } from './import-definitions.ts';

/** Editors write in several strokes; the import waits until the folder has been quiet for so long. */
const QUIET_MS = 150;

/**
 * Imports the definition files again whenever one changes. Where the folder cannot be watched, that is a warning.
 * Release ends the watch and waits for an import that is under way.
 */
export function watchDefinitions(deps: ImportDeps): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  let importing: Promise<void> = Promise.resolve();

  const importAgain = async (): Promise<void> => {
    try {
      await importDefinitions(deps);
    } catch (error) {
      deps.log.error(
        { dir: deps.dir, err: error },
        'agent definitions could not be imported; save the file again',
      );
    }
  };
  const watcher = startWatching(deps, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      importing = importing.then(importAgain);
    }, QUIET_MS);
  });

  return {
    async [Symbol.asyncDispose]() {
      watcher?.close();
      clearTimeout(timer);
      await importing;
    },
  };
}

function startWatching({ dir, log }: ImportDeps, changed: () => void): FSWatcher | undefined {
  const unwatched = (error: unknown): void => {
    log.warn({ dir, err: error }, 'agent definitions are not watched; restart to take over changes');
  };
  try {
    return watch(dir, changed).on('error', unwatched);
  } catch (error) {
    unwatched(error);
    return undefined;
  }
}

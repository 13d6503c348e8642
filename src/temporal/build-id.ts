import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Names a version of the workflow code: the beginning of the SHA-256 of its bundle. */
export async function buildIdOf(bundleFile: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(bundleFile))
    .digest('hex')
    .slice(0, 16);
}

/** Name of the worker deployment of a task queue: the engine takes neither dots nor colons in it. */
export function deploymentOf(taskQueue: string): string {
  return taskQueue.replace(/[^A-Za-z0-9_-]/g, '-');
}

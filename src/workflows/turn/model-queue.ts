/** The queue of the model calls that are counted together, beside the queue of the workflows. */
export function modelTaskQueue(taskQueue: string, scope: string): string {
  return `${taskQueue}:model:${scope}`;
}

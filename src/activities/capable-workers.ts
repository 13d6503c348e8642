import { ModelError } from '../models/model-provider.ts';
import type { Store, WorkerRecord } from '../store/store.ts';
import { SILENT_MS } from '../store/workers/worker-silence.ts';
import type { ActivityDeps } from './deps.ts';

/** The workers that are there, take work, and say that they have a capability. */
export async function capableWorkers(
  { store, now }: { store: Pick<Store, 'workers'>; now(): Date },
  capability: string,
): Promise<WorkerRecord[]> {
  const there = await store.workers.list(new Date(now().getTime() - SILENT_MS).toISOString());
  return there.filter((each) => !each.draining && each.capabilities?.includes(capability));
}

/** What a worker says that it has, of a model named `provider/model`. */
export function modelCapability(model: string): string {
  return `model:${model.split('/')[0] ?? ''}`;
}

/** Whether this worker or another one that is there has the model. */
export async function isServed(
  deps: Pick<ActivityDeps, 'models' | 'store' | 'now'>,
  model: string,
): Promise<boolean> {
  try {
    deps.models(model);
    return true;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return (await capableWorkers(deps, modelCapability(model))).length > 0;
  }
}

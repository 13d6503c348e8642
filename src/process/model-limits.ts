import { UNUSED } from '../models/model-capacity.ts';
import { limitedScopes, type ModelBook } from '../models/model-limits.ts';
import type { ModelCapacityStore } from '../store/store.ts';
import type { ModelQueue } from '../temporal/turn/create-model-workers.ts';

/**
 * The queues of model calls that a worker serves: those whose limits are configured, and those that ever were, without limits:
 * turns that began under another configuration may wait there.
 */
export async function modelQueues(book: ModelBook, capacity: ModelCapacityStore): Promise<ModelQueue[]> {
  const limited = limitedScopes(book);
  for (const { scope } of limited) await capacity.write(scope, UNUSED, 0);
  const others = (await capacity.scopes()).filter((scope) => !limited.some((of) => of.scope === scope));
  return [...limited, ...others.map((scope) => ({ scope }))];
}

import { type Bounds, narrowedBounds } from '../../tools/bounds.ts';
import type { RunToolInput } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { pinned } from './pin.ts';

/** What the agent of a call may take up: what this worker allows, narrowed by the definition that the turn is pinned to. */
export async function readBounds(deps: ActivityDeps, { turnId }: RunToolInput): Promise<Bounds> {
  const turn = await deps.store.turns.get(turnId);
  // A restored store may not know yet what the turn is pinned to.
  if (!turn?.digests) return narrowedBounds(deps.bounds);
  return narrowedBounds(deps.bounds, (await pinned(deps, turn)).definition.sandbox);
}

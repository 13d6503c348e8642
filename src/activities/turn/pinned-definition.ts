import type { AgentDefinition } from '../../contract/index.ts';
import { unknownTurn } from '../../store/store-error.ts';
import type { ActivityDeps } from '../deps.ts';
import { pinned } from './pin.ts';
import { begun } from './restored-turn.ts';

/** The definition that a turn is pinned to, whatever its agent is now. */
export async function pinnedDefinition(deps: ActivityDeps, turnId: string): Promise<AgentDefinition> {
  const { store } = deps;
  const turn = await store.turns.get(turnId);
  if (!turn) throw unknownTurn(turnId);
  return (await pinned(deps, await begun(store, turn))).definition;
}

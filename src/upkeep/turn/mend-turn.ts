import type { Store } from '../../store/store.ts';
import type { TurnExecutions, TurnRun } from '../../temporal/turn/turn-executions.ts';
import type { TurnToStart } from '../../temporal/turn/turn-gateway.ts';
import type { Difference } from './align-turn.ts';

/** What the reconciler and the doctor do about one turn. */
export interface MendDeps {
  store: Pick<Store, 'turns'>;
  executions: Pick<TurnExecutions, 'find' | 'terminate'>;
  startTurn(turn: TurnToStart): Promise<boolean>;
}

/** Starts the workflow of a row that waits for it. `there`: it had been started; undefined: the row does not wait any more. */
export async function startWaiting(
  { store, startTurn }: Pick<MendDeps, 'store' | 'startTurn'>,
  turnId: string,
): Promise<'started' | 'there' | undefined> {
  const turn = await store.turns.get(turnId);
  if (turn?.state !== 'starting') return undefined;
  const isNew = await startTurn(turn);
  await store.turns.noteStart(turnId, true);
  return isNew ? 'started' : 'there';
}

/** Whether a run is the newest of its turn, and open. */
export async function isOpenRun(
  { executions }: { executions: Pick<TurnExecutions, 'find'> },
  { turnId, runId }: Pick<TurnRun, 'turnId' | 'runId'>,
): Promise<boolean> {
  const newest = await executions.find(turnId);
  return newest?.open === true && newest.runId === runId;
}

/** Terminates the open run of a turn whose row has ended. */
export async function terminateEnded(
  { executions }: Pick<MendDeps, 'executions'>,
  { turnId, runId }: Pick<TurnRun, 'turnId' | 'runId'>,
): Promise<void> {
  await executions.terminate({ turnId, runId }, 'The turn has ended.');
}

/** Whether store and history tell other events of a turn. */
export function differs({ ahead, missing }: Difference): boolean {
  return ahead !== undefined || missing.length > 0;
}

import { randomUUID } from 'node:crypto';
import type { TurnRecord } from '../../src/store/store.ts';
import type { WorkflowRig } from './workflow-rig.ts';

/** Retries a turn as the API does. */
export async function retryTurn(
  { store, gateway }: Pick<WorkflowRig, 'store' | 'gateway'>,
  of: TurnRecord,
): Promise<TurnRecord> {
  const { sessionId, agent, input, clientTools, limits, metadata } = of;
  const id = `turn_${randomUUID()}`;
  const createdAt = new Date().toISOString();
  const again = { id, sessionId, agent, input, clientTools, limits, metadata, createdAt, retryOf: of.id };
  const admission = await store.turns.admit(again);
  if (admission.outcome !== 'created') throw new Error(admission.outcome);
  if (admission.turn.state === 'starting') await gateway.start(admission.turn);
  return admission.turn;
}

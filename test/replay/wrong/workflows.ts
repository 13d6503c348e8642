import { sleep } from '@temporalio/workflow';
import { agentTurn as rightTurn } from '../../../src/workflows/turn/agent-turn.ts';

/** A change that no recorded turn can bear: it waits before it begins. */
export async function agentTurn(start: Parameters<typeof rightTurn>[0]): Promise<void> {
  await sleep('1s');
  await rightTurn(start);
}

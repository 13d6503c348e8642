import {
  condition,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { BareActivities } from './activities.ts';

/** A person allows the tool call. */
export const allowUpdate = defineUpdate<string>('allow');

const { prepare } = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '10s' });
const { model, tool, finish, parked } = proxyActivities<BareActivities>({ startToCloseTimeout: '10m' });

/** The same five steps as a turn: prepare, model, tool, model, finish; with `ask` it waits before the tool. */
export async function bareTurn({ ask }: { ask: boolean }): Promise<string> {
  let allowed = !ask;
  setHandler(allowUpdate, () => {
    allowed = true;
    return 'allowed';
  });
  const { instructions } = await prepare();
  const call = await model(instructions);
  if (ask) await parked(workflowInfo().workflowId);
  await condition(() => allowed);
  const answer = await model(await tool(call));
  await finish(answer);
  return answer;
}

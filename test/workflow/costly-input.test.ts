import { expect, it } from '@jest/globals';
import type { ClientTool } from '../../src/contract/index.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { DOUBLING_WITH_INPUT, nested } from '../support/hostile-schemas.ts';
import { MAX_STALL_MS, watchLoop } from '../support/loop-delay.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const shell = fakeTool({ name: 'shell' });
const rig = useWorkflowRig({ tools: [shell] });

it('an input that is too costly to check, or too deep, is told to the model in one call of it', async () => {
  const { agent, start, end, model } = rig();
  const costly: ClientTool = { name: 'costly', description: 'Costs.', inputSchema: DOUBLING_WITH_INPUT };
  const script = [
    asks(['costly', nested(60)], ['costly', nested(61)], ['costly', nested(5_000)]),
    says('end'),
  ];
  const name = await agent(script, { clientTools: [costly] });
  using loop = watchLoop();
  const { id } = await start(name);
  const { of, types } = await end(id);
  expect(await loop.longestMs()).toBeLessThan(2 * MAX_STALL_MS);
  expect(types.at(-1)).toBe('turn.completed');
  const errors = of('tool_call.failed').map(({ error }) => error);
  expect(errors).toMatchObject([
    { code: 'invalid_input', message: expect.stringContaining('too costly to check') },
    { code: 'invalid_input', message: expect.stringContaining('too costly to check') },
    { code: 'invalid_input', message: expect.stringContaining('deeper than 100 levels') },
  ]);
  expect(model.requests(name)).toHaveLength(2);
});

it('a text that is too long to be matched waits for a person, and the turn can be cancelled', async () => {
  const { agent, start, end, pending, untilEvent, gateway } = rig();
  const rules = [{ tool: 'shell', args: { command: '*rm *-rf*' }, gate: 'deny' as const }];
  const name = await agent([asks(['shell', { command: 'rm '.repeat(70_000) }])], {
    tools: ['shell'],
    policy: { rules },
  });
  const { id } = await start(name);
  await pending(id, 'shell');
  const asked = await untilEvent(id, 'approval.requested');
  expect(asked.reason).toContain('"command" is too long to be matched');
  expect(asked.allowedActions).not.toContain('always');
  await gateway.cancel(id, undefined, {
    messageId: 'msg_cancel',
    by: { tokenId: 't', name: 'anna' },
    via: 'update',
  });
  expect((await end(id)).types.at(-1)).toBe('turn.cancelled');
});

import { describe, expect, it } from '@jest/globals';
import { asks, says } from '../support/scripted-model.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask' });
const rig = useWorkflowRig({ tools: [ring] });
describe('x', () => {
  for (let i = 0; i < 5; i++) it(`ends ${i}`, async () => {
    const { agent, start, end, pending, decide } = rig();
    const name = await agent([asks(['ring']), says('done')], { tools: ['ring'] });
    const turn = await start(name);
    await decide(turn.id, await pending(turn.id, 'ring'), { action: 'allow' });
    const e = await end(turn.id);
    expect(e.turn.output).toBe('done');
    expect(ring.count(turn.id)).toBe(1);
    console.log(e.types);
  });
});

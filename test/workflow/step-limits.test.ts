import { describe, expect, it } from '@jest/globals';
import { aGrant } from '../support/builders.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const echo = fakeTool({ name: 'echo', idempotent: true });
const ring = fakeTool({ name: 'ring', gate: 'ask' });
const rig = useWorkflowRig({ tools: [echo, ring] });

describe('a step that asks for 2,100 calls', () => {
  it('executes 128, tells the model of the rest, and goes on', async () => {
    const { agent, start, end, model } = rig();
    const calls = Array.from({ length: 2_100 }, (_, n) => ['echo', { n }] as [string, { n: number }]);
    const name = await agent([asks(...calls), says('end')], { tools: ['echo'] });
    const turn = await start(name);
    const { of, types } = await end(turn.id);
    expect(types.at(-1)).toBe('turn.completed');
    expect(of('tool_call.completed')).toHaveLength(128);
    expect(new Set(echo.executions.map(({ callId }) => callId)).size).toBe(128);
    // Of what is beyond 256, the message is the only trace.
    expect(of('tool_call.requested')).toHaveLength(256);
    expect(of('tool_call.failed')).toHaveLength(128);
    expect(of('tool_call.failed')[0]?.error).toEqual({
      code: 'too_many_calls',
      message:
        'This call was not executed: a step takes at most 128 calls, and this one asked for 2100. ' +
        'The last 1844 of them were dropped unseen. Ask for the rest in a later step.',
    });
    const results = model.requests(name)[1]?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(JSON.stringify(results).match(/asked for 2100/g)).toHaveLength(128);
  });
});

describe('a session with thousands of grants', () => {
  it('goes on, and takes no further one', async () => {
    const { agent, start, end, pending, decide, store } = rig();
    const name = await agent([asks(['ring']), says('end')], { tools: ['ring'] });
    const sessionId = `session_of_many_${Date.now()}`;
    const put = (n: number) =>
      store.grants.put(aGrant({ id: `${sessionId}_${n}`, sessionId, tool: 'other', callId: `call_${n}` }));
    for (let n = 0; n < 5_000; n += 1) await put(n);
    const turn = await start(name, { sessionId });
    const callId = await pending(turn.id, 'ring');
    await expect(decide(turn.id, callId, { action: 'always' })).rejects.toMatchObject({
      code: 'grant_limit_reached',
    });
    expect((await store.approvals.get(callId))?.status ?? 'pending').toBe('pending');
    await decide(turn.id, callId, { action: 'allow' });
    const { types } = await end(turn.id);
    expect(types.at(-1)).toBe('turn.completed');
  });
});

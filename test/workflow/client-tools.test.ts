import { describe, expect, it } from '@jest/globals';
import type { ClientTool, DecisionAction } from '../../src/contract/index.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { callIdAt, type RigAgent } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

// A server's tool of the same name is there to catch a call that moves to the server.
const spy = fakeTool({ name: 'screenshot' });
const other = fakeTool({ name: 'other' });
const rig = useWorkflowRig({ tools: [spy, other] });

const screenshot: ClientTool = {
  name: 'screenshot',
  description: 'Takes a picture of the screen.',
  inputSchema: { type: 'object' },
};
const FREE = { rules: [{ tool: 'screenshot', gate: 'allow' as const }] };

/** A turn whose model asks the client so often. */
async function begun(times = 1, sketch: RigAgent = {}) {
  const { agent, start } = rig();
  const script = [...Array.from({ length: times }, () => asks(['screenshot'])), says('end')];
  const name = await agent(script, { clientTools: [screenshot], ...sketch });
  const { id } = await start(name);
  return { name, turnId: id, callId: callIdAt(id, 1) };
}

const awaiting = (turnId: string, callId: string) =>
  rig().untilEvent(turnId, 'tool_call.awaiting_result', (event) => event.callId === callId);

describe('a client’s tool', () => {
  it('I4: asks by default, and is executed by nobody here once allowed', async () => {
    const { decide, pending, result, end, model, store } = rig();
    const { name, turnId, callId } = await begun();
    await pending(turnId, 'screenshot');
    await expect(result(turnId, callId, { content: 'early' })).rejects.toMatchObject({
      code: 'awaiting_decision',
    });
    await decide(turnId, callId, { action: 'allow' });
    await awaiting(turnId, callId);
    expect((await rig().gateway.snapshot(turnId)).status).toBe('waiting');
    await result(turnId, callId, { content: 'a picture' });
    const { of } = await end(turnId);
    expect(of('tool_call.completed')).toMatchObject([{ output: 'a picture' }]);
    expect(model.requests(name)[1]?.messages.at(-1)).toMatchObject({ content: 'a picture' });
    expect(await store.ledger.get(callId)).toBeUndefined();
  });

  it.each<[DecisionAction, string | undefined]>([
    ['allow', undefined],
    ['allow', 'given'],
    ['always', undefined],
    ['always', 'given'],
  ])(
    'I4, I9: %s with content %s, on the first and on a later call, stays with the client',
    async (action, content) => {
      const { decide, pending, result, end } = rig();
      const { turnId, callId } = await begun(2);
      await pending(turnId, 'screenshot');
      await decide(turnId, callId, { action, ...(content !== undefined && { content }) });
      if (content === undefined) {
        await awaiting(turnId, callId);
        await result(turnId, callId, { content: 'first' });
      }
      const later = callIdAt(turnId, 2);
      if (action === 'allow') {
        await rig().untilEvent(turnId, 'approval.requested', (event) => event.callId === later);
        await decide(turnId, later, { action: 'allow' });
      }
      await awaiting(turnId, later);
      await result(turnId, later, { content: 'second' });
      const { of } = await end(turnId);
      expect(of('tool_call.completed').map(({ output }) => output)).toEqual([content ?? 'first', 'second']);
      expect(of('approval.requested')).toHaveLength(action === 'allow' ? 2 : 1);
      expect(spy.executions).toEqual([]);
    },
  );

  it('takes the same result again, refuses another, and one for a call that takes none', async () => {
    const { result, end } = rig();
    const { turnId, callId } = await begun(2, { policy: FREE });
    await awaiting(turnId, callId);
    const answer = await result(turnId, callId, { content: 'one' });
    const later = callIdAt(turnId, 2);
    await awaiting(turnId, later);
    expect(await result(turnId, callId, { content: 'one' })).toEqual(answer);
    expect(await result(turnId, callId, { content: 'one', isError: false })).toEqual(answer);
    await expect(result(turnId, callId, { content: 'two' })).rejects.toMatchObject({
      code: 'already_resolved',
    });
    await expect(result(turnId, callId, { content: 'one', isError: true })).rejects.toMatchObject({
      code: 'already_resolved',
    });
    await expect(result(turnId, 'call_unknown', { content: 'x' })).rejects.toMatchObject({
      code: 'call_not_found',
    });
    await result(turnId, later, { content: 'end' });
    await end(turnId);
  });

  it('may fail, and the model is told so', async () => {
    const { result, end, model } = rig();
    const { name, turnId, callId } = await begun(1, { policy: FREE });
    await awaiting(turnId, callId);
    await result(turnId, callId, { content: 'The screen is locked.', isError: true });
    const { of } = await end(turnId);
    expect(of('tool_call.failed')).toMatchObject([
      { error: { code: 'client_error', message: 'The screen is locked.' } },
    ]);
    expect(model.requests(name)[1]?.messages.at(-1)).toMatchObject({ isError: true });
  });

  it('may be denied, and then takes no result', async () => {
    const { decide, pending, result, agent, start, end } = rig();
    const name = await agent([asks(['screenshot'], ['screenshot']), says('end')], {
      clientTools: [screenshot],
    });
    const turn = await start(name);
    await pending(turn.id, 'screenshot');
    const [denied, allowed] = [callIdAt(turn.id, 1, 0), callIdAt(turn.id, 1, 1)];
    await decide(turn.id, denied, { action: 'deny' });
    await expect(result(turn.id, denied, { content: 'x' })).rejects.toMatchObject({
      code: 'not_awaiting_result',
    });
    await decide(turn.id, allowed, { action: 'allow' });
    await result(turn.id, allowed, { content: 'x' });
    const { of } = await end(turn.id);
    expect(of('tool_call.failed')).toMatchObject([{ callId: denied, error: { code: 'denied' } }]);
  });

  it('may come with the turn', async () => {
    const { agent, start, result, end } = rig();
    const name = await agent([asks(['screenshot']), says('end')], { policy: FREE });
    const turn = await start(name, { clientTools: [screenshot] });
    await awaiting(turn.id, callIdAt(turn.id, 1));
    await result(turn.id, callIdAt(turn.id, 1), { content: 'seen' });
    expect((await end(turn.id)).turn.output).toBe('end');
  });

  it('I18: stands beside a gated and a free tool in one step; all are told in request order', async () => {
    const { agent, start, result, decide, end, untilEvent, model } = rig();
    const name = await agent([asks(['other', { gated: 'yes' }], ['screenshot'], ['other']), says('end')], {
      tools: ['other'],
      clientTools: [screenshot],
      policy: { rules: [...FREE.rules, { tool: 'other', args: { gated: '*' }, gate: 'ask' }] },
    });
    const turn = await start(name);
    const [gated, client, free] = [0, 1, 2].map((index) => callIdAt(turn.id, 1, index));
    await untilEvent(turn.id, 'tool_call.completed', ({ callId }) => callId === free);
    expect((await rig().gateway.snapshot(turn.id)).pending).toMatchObject([
      { callId: gated, kind: 'approval' },
      { callId: client, kind: 'result' },
    ]);
    await result(turn.id, client ?? '', { content: 'picture' });
    await decide(turn.id, gated ?? '', { action: 'allow' });
    await end(turn.id);
    expect(model.requests(name)[1]?.messages.slice(-3)).toMatchObject([
      { callId: gated },
      { callId: client, content: 'picture' },
      { callId: free },
    ]);
  });
});

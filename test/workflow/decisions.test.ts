import { describe, expect, it } from '@jest/globals';
import type { DecisionBody } from '../../src/contract/index.ts';
import { digestOf } from '../../src/digest.ts';
import { MessageRefused } from '../../src/temporal/turn/turn-gateway.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { ANNA, callIdAt, type RigAgent } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask', run: async ({ door = 'front' }) => `rang ${door}` });
const rig = useWorkflowRig({ tools: [ring] });

/** A turn that waits for a decision on its one call of `ring`. */
async function waiting(sketch: RigAgent = {}, input = { door: 'front' }) {
  const { agent, start, pending } = rig();
  const name = await agent([asks(['ring', input]), says('end')], { tools: ['ring'], ...sketch });
  const turn = await start(name);
  return { name, turnId: turn.id, callId: await pending(turn.id, 'ring') };
}

async function refusal(answer: Promise<unknown>): Promise<MessageRefused> {
  const error = await answer.then(
    () => new Error('not refused'),
    (caught) => caught,
  );
  if (error instanceof MessageRefused) return error;
  throw error;
}

/** What the model was told of the call. */
function told(name: string) {
  return rig().model.requests(name)[1]?.messages.at(-1);
}

describe('a decision', () => {
  it('allow executes the call once, with a record of who, via what and for which input', async () => {
    const { decide, end, store } = rig();
    const { turnId, callId } = await waiting();
    const record = await decide(turnId, callId, { action: 'allow' }, { messageId: 'msg_1' });
    expect(record).toMatchObject({
      callId,
      turnId,
      tool: 'ring',
      input: { door: 'front' },
      inputDigest: digestOf({ door: 'front' }),
      status: 'allowed',
      action: 'allow',
      by: ANNA,
      via: 'update',
      decisionId: 'msg_1',
    });
    const { of } = await end(turnId);
    expect(of('tool_call.completed')[0]?.output).toBe('rang front');
    expect(ring.count(turnId)).toBe(1);
    expect(await store.approvals.get(callId)).toEqual(record);
  });

  it('I10: deny executes nothing, needs no tool name, and tells the model why', async () => {
    const { decide, end } = rig();
    const { name, turnId, callId } = await waiting();
    await decide(turnId, callId, { action: 'deny', message: 'Not at night.' });
    const { turn, of } = await end(turnId);
    expect(turn.state).toBe('completed');
    expect(ring.count(turnId)).toBe(0);
    expect(of('tool_call.failed')).toHaveLength(1);
    expect(told(name)).toEqual({
      role: 'tool',
      callId,
      tool: 'ring',
      content: 'denied: Denied: Not at night.',
      isError: true,
    });
  });

  it('respond gives the model a person’s words as the result', async () => {
    const { decide, end } = rig();
    const { name, turnId, callId } = await waiting();
    const record = await decide(turnId, callId, { action: 'respond', content: 'Nobody is at home.' });
    expect(record.status).toBe('answered');
    await end(turnId);
    expect(ring.count(turnId)).toBe(0);
    expect(told(name)).toMatchObject({ content: 'Nobody is at home.', isError: false });
  });

  it('edited input is what is executed, what the model sees, and what is on record', async () => {
    const { decide, end, model } = rig();
    const { name, turnId, callId } = await waiting();
    const record = await decide(turnId, callId, { action: 'allow', input: { door: 'back' } });
    expect(record).toMatchObject({ input: { door: 'front' }, editedInput: { door: 'back' } });
    await end(turnId);
    expect(ring.executions.at(-1)?.input).toEqual({ door: 'back' });
    const assistant = model.requests(name)[1]?.messages[1];
    expect(assistant).toMatchObject({ calls: [{ tool: 'ring', input: { door: 'back' } }] });
  });

  it('refuses an edited input that the policy denies, and goes on waiting', async () => {
    const { decide, end } = rig();
    const { turnId, callId } = await waiting({
      policy: {
        rules: [{ tool: 'ring', args: { door: 'vault' }, gate: 'deny', reason: 'The vault stays shut.' }],
      },
    });
    const refused = await refusal(decide(turnId, callId, { action: 'allow', input: { door: 'vault' } }));
    expect(refused.code).toBe('denied_by_policy');
    expect(refused.message).toBe('The policy (rules[0]) denies the edited input: The vault stays shut.');
    await decide(turnId, callId, { action: 'deny' });
    await end(turnId);
    expect(ring.count(turnId)).toBe(0);
  });

  it('refuses always where a rule says that it asks every time', async () => {
    const { decide, end } = rig();
    const { turnId, callId } = await waiting({
      policy: { rules: [{ tool: 'ring', gate: 'ask', grantable: false }] },
    });
    expect(await refusal(decide(turnId, callId, { action: 'always' }))).toMatchObject({
      code: 'always_refused',
      approval: { status: 'pending', allowedActions: ['allow', 'deny', 'respond'] },
    });
    await decide(turnId, callId, { action: 'allow' });
    await end(turnId);
  });

  it.each(['', 'x'.repeat(6_000), `${'x'.repeat(5_999)}😀!`])(
    'I5: takes content with allow verbatim and executes nothing (%#)',
    async (content) => {
      const { decide, end, store } = rig();
      const { name, turnId, callId } = await waiting();
      await decide(turnId, callId, { action: 'allow', content });
      const { of } = await end(turnId);
      expect(ring.count(turnId)).toBe(0);
      const isCut = [...content].length > 6_000;
      expect(told(name)).toMatchObject({
        content: isCut ? `${'x'.repeat(5_999)}😀\n[truncated: 6000 of 6001 characters]` : content,
      });
      expect(of('tool_call.completed')[0]?.truncated !== undefined).toBe(isCut);
      if (isCut) expect((await store.ledger.get(callId))?.content).toBe(content);
    },
  );
});

describe('a wrong decision', () => {
  it('I2, I3: is refused when it names another tool, and changes nothing', async () => {
    const { decide, end, live } = rig();
    const { turnId, callId } = await waiting();
    const before = await live(turnId);
    for (const toolName of ['', 'nope', 'ring_v2']) {
      expect(await refusal(decide(turnId, callId, { action: 'allow', toolName }))).toMatchObject({
        code: 'tool_mismatch',
      });
    }
    expect(await live(turnId)).toEqual(before);
    expect(ring.count(turnId)).toBe(0);
    await decide(turnId, callId, { action: 'allow', toolName: 'ring' });
    await end(turnId);
  });

  it('I11: of an unknown, an earlier or another turn’s call is an error and no fallback', async () => {
    const { decide, end, agent, start, pending } = rig();
    const other = await waiting();
    const name = await agent([asks(['ring']), asks(['ring']), says('end')], { tools: ['ring'] });
    const turn = await start(name);
    await decide(turn.id, await pending(turn.id, 'ring'), { action: 'allow' });
    const second = callIdAt(turn.id, 2);
    await rig().untilEvent(turn.id, 'approval.requested', ({ callId }) => callId === second);
    const tried = async (callId: string) => await refusal(decide(turn.id, callId, { action: 'deny' }));
    expect(await tried('call_unknown')).toMatchObject({ code: 'call_not_found' });
    expect(await tried(other.callId)).toMatchObject({ code: 'call_not_found' });
    expect(await tried(callIdAt(turn.id, 1))).toMatchObject({
      code: 'already_decided',
      approval: { status: 'allowed' },
    });
    await decide(turn.id, second, { action: 'deny' });
    await decide(other.turnId, other.callId, { action: 'deny' });
    await end(turn.id);
    await end(other.turnId);
  });

  it('I12: is one-shot: the same again answers the record, another one is refused with it', async () => {
    const { decide, end } = rig();
    const { turnId, callId } = await waiting({ policy: { rules: [] } });
    const { agent, start } = rig();
    const second = await start(await agent([asks(['ring'], ['ring']), says('end')], { tools: ['ring'] }));
    const [a, b] = [callIdAt(second.id, 1, 0), callIdAt(second.id, 1, 1)];
    await rig().untilEvent(second.id, 'approval.requested', (event) => event.callId === b);
    const record = await decide(second.id, a, { action: 'deny', message: 'no' });
    expect(await decide(second.id, a, { action: 'deny', message: 'no' })).toEqual(record);
    for (const other of [{ action: 'allow' }, { action: 'deny' }] as DecisionBody[]) {
      const refused = await refusal(decide(second.id, a, other));
      expect(refused).toMatchObject({ code: 'already_decided', approval: record });
    }
    await decide(second.id, b, { action: 'deny' });
    await decide(turnId, callId, { action: 'deny' });
    await end(second.id);
    await end(turnId);
  });

  it('is refused when the call never needed one', async () => {
    const { agent, start, decide, end, pending } = rig();
    const name = await agent([asks(['ring', { door: 'open' }], ['ring']), says('end')], {
      tools: ['ring'],
      policy: { rules: [{ tool: 'ring', args: { door: 'open' }, gate: 'allow' }] },
    });
    const turn = await start(name);
    const callId = await pending(turn.id, 'ring');
    expect(await refusal(decide(turn.id, callIdAt(turn.id, 1), { action: 'allow' }))).toMatchObject({
      code: 'already_resolved',
    });
    await decide(turn.id, callId, { action: 'deny' });
    const { of } = await end(turn.id);
    expect(of('approval.resolved')[0]).toMatchObject({ action: 'policy', via: 'policy', rule: 'rules[0]' });
  });
});

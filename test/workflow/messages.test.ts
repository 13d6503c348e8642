import { describe, expect, it } from '@jest/globals';
import type { Approval } from '../../src/contract/index.ts';
import { MessageRefused } from '../../src/temporal/turn/turn-gateway.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { ANNA, callIdAt } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask' });
const rig = useWorkflowRig({ tools: [ring] });

/** A turn that waits for decisions on calls of `ring` in one step. */
async function waiting(calls = 1) {
  const { agent, start, untilEvent } = rig();
  const requested = Array.from({ length: calls }, () => ['ring'] as [string]);
  const name = await agent([asks(...requested), says('end')], { tools: ['ring'] });
  const { id } = await start(name);
  const callIds = requested.map((_, index) => callIdAt(id, 1, index));
  await untilEvent(id, 'approval.requested', ({ callId }) => callId === callIds.at(-1));
  return { turnId: id, callIds, callId: callIds[0] ?? '' };
}

describe('a signal', () => {
  it('does what the Update of its name does', async () => {
    const { signal, end } = rig();
    const { turnId, callId } = await waiting();
    await signal(turnId, 'toolDecision', { messageId: 'msg_s', by: ANNA, callId, action: 'allow' });
    const { of } = await end(turnId);
    expect(of('approval.resolved')).toMatchObject([
      { action: 'allow', by: ANNA, via: 'signal', decisionId: 'msg_s' },
    ]);
    expect(ring.count(turnId)).toBe(1);
  });

  it('alwaysAllow is a decision always', async () => {
    const { signal, end, store } = rig();
    const { turnId, callIds, callId } = await waiting(2);
    await signal(turnId, 'alwaysAllow', { callId });
    const { of, turn } = await end(turnId);
    expect(of('approval.resolved')).toMatchObject([
      { callId, action: 'always', by: { tokenId: 'unknown', name: 'signal' }, via: 'signal' },
      { callId: callIds[1], action: 'granted', via: 'grant' },
    ]);
    expect((await store.grants.list(turn.sessionId, { limit: 5 })).items).toHaveLength(1);
  });

  it('and the Update with the same id are one message', async () => {
    const { signal, end, gateway, model, agent, start, untilEvent, decide } = rig();
    const name = await agent([asks(['ring']), says('end')], { tools: ['ring'] });
    const turn = await start(name);
    const { callId } = await untilEvent(turn.id, 'approval.requested');
    const from = { messageId: 'msg_once', by: ANNA, via: 'update' };
    await gateway.steer(turn.id, 'only once', from);
    await gateway.steer(turn.id, 'only once', from);
    await signal(turn.id, 'steer', { ...from, via: 'signal', message: 'only once' });
    await decide(turn.id, callId, { action: 'allow' }, { messageId: 'msg_both' });
    await signal(turn.id, 'toolDecision', { messageId: 'msg_both', by: ANNA, callId, action: 'allow' });
    const { of } = await end(turn.id);
    expect(of('turn.steered')).toHaveLength(1);
    expect(of('approval.resolved')).toHaveLength(1);
    expect(model.requests(name)[1]?.messages.filter(({ role }) => role === 'user')).toHaveLength(2);
  });

  it('of any shape does not break the turn', async () => {
    const { signal, end, decide } = rig();
    const { turnId, callId } = await waiting();
    const base = { callId, action: 'allow' };
    const shapes: [string, ...unknown[]][] = [
      ...['toolDecision', 'alwaysAllow', 'clientToolResult', 'steer', 'grantRevoked'].flatMap(
        (name): [string, ...unknown[]][] => [[name], [name, null], [name, 'text'], [name, [1]], [name, {}]],
      ),
      ['toolDecision', { ...base, input: 'no object' }],
      ['toolDecision', { ...base, content: { not: 'text' } }],
      ['toolDecision', { ...base, message: 7 }],
      ['toolDecision', { ...base, toolName: 7 }],
      ['toolDecision', { ...base, callId: { id: callId } }],
      ['toolDecision', { ...base, action: 'maybe' }],
      ['toolDecision', { ...base, action: null }],
      ['toolDecision', { ...base, action: 'respond' }],
      ['toolDecision', { ...base, action: 'deny', content: 'x' }],
      ['toolDecision', { ...base, action: 'respond', content: 'x', input: {} }],
      ['alwaysAllow', { callId, grant: 'all' }],
      ['alwaysAllow', { callId, grant: { scope: 'world' } }],
      ['alwaysAllow', { callId, grant: { matcher: { kind: 'glob' } } }],
      ['alwaysAllow', { callId, grant: { matcher: { kind: 'glob', args: { a: 1 } } } }],
      ['alwaysAllow', { callId, grant: { expiresAt: 'soon' } }],
      ['alwaysAllow', { callId, grant: { maxUses: 'many' } }],
      ['alwaysAllow', { callId, grant: { maxUses: 0 } }],
      ['clientToolResult', { callId, content: 7 }],
      ['steer', { message: { deep: true } }],
      ['unknownSignal', { callId }],
    ];
    for (const [name, ...args] of shapes) await signal(turnId, name, ...args);
    const record = await decide(turnId, callId, { action: 'allow' });
    expect(record.status).toBe('allowed');
    const { turn, types } = await end(turnId);
    expect(turn.state).toBe('completed');
    expect(types).not.toContain('turn.steered');
    expect(ring.count(turnId)).toBe(1);
  });

  it('from a sender that says nothing of itself is on record as such', async () => {
    const { signal, end } = rig();
    const { turnId, callId } = await waiting();
    await signal(turnId, 'toolDecision', { callId, action: 'deny', by: 'root', messageId: 7, via: {} });
    const { of } = await end(turnId);
    const [resolved] = of('approval.resolved');
    expect(resolved).toMatchObject({ by: { tokenId: 'unknown', name: 'signal' }, via: 'signal' });
    expect(resolved?.decisionId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('an Update by hand', () => {
  it('without an id has the same id after a replay', async () => {
    const { client, end, live, stopWorker, startWorker } = rig();
    const { turnId, callIds } = await waiting(3);
    const handle = client.workflow.getHandle(`turn:${turnId}`);
    const update = (callId: string | undefined) =>
      handle.executeUpdate('toolDecision', { args: [{ callId, action: 'deny' }] }) as Promise<Approval>;
    await expect(update('call_unknown')).rejects.toThrow();
    const records = [await update(callIds[0]), await update(callIds[1])];
    const before = await live(turnId);
    await stopWorker();
    await startWorker();
    expect(await live(turnId)).toEqual(before);
    await update(callIds[2]);
    const { of } = await end(turnId);
    expect(
      of('approval.resolved')
        .slice(0, 2)
        .map(({ decisionId }) => decisionId),
    ).toEqual(records.map(({ decisionId }) => decisionId));
  });
});

describe('many messages at once', () => {
  it('all thirty decisions on thirty calls are answered', async () => {
    const { decide, end } = rig();
    const { turnId, callIds } = await waiting(30);
    const records = await Promise.all(callIds.map((callId) => decide(turnId, callId, { action: 'allow' })));
    expect(records.map(({ callId, status }) => [callId, status])).toEqual(
      callIds.map((callId) => [callId, 'allowed']),
    );
    await end(turnId);
    expect(ring.count(turnId)).toBe(30);
  });

  it('I12: fifty decisions on one call have one winner, whom all losers see', async () => {
    const { decide, end } = rig();
    const { turnId, callIds, callId } = await waiting(2);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const action = index % 2 === 0 ? 'allow' : 'deny';
        return decide(turnId, callId, { action }).then(
          (record): Approval | undefined => record,
          (error) => (error instanceof MessageRefused ? error.approval : Promise.reject(error)),
        );
      }),
    );
    expect(new Set(answers.map((record) => JSON.stringify(record))).size).toBe(1);
    await decide(turnId, callIds[1] ?? '', { action: 'deny' });
    const { of } = await end(turnId);
    expect(of('approval.resolved').filter((event) => event.callId === callId)).toHaveLength(1);
    expect(ring.count(turnId)).toBe(answers[0]?.action === 'allow' ? 1 : 0);
  });
});

describe("the stack trace query of Temporal's UI", () => {
  const traceOf = async (turnId: string) =>
    await rig().client.workflow.getHandle(rig().names.turnWorkflowId(turnId)).query<string>('__stack_trace');

  it('answers nothing, because a trace for each promise costs too much', async () => {
    const { decide, end } = rig();
    const { turnId, callId } = await waiting();
    expect(await traceOf(turnId)).toBe('');
    await decide(turnId, callId, { action: 'deny' });
    await end(turnId);
  });

  it('says where the code of a turn waits, where a worker is asked to note it', async () => {
    const { decide, end, addWorker, stopWorker, startWorker } = rig();
    const stopTracing = await addWorker({ workerOptions: { stackTraces: true } });
    await stopWorker();
    const { turnId, callId } = await waiting();
    expect(await traceOf(turnId)).toMatch(/src\/workflows\/[a-z/-]+\.ts:\d+/);
    await decide(turnId, callId, { action: 'deny' });
    await end(turnId);
    await startWorker();
    await stopTracing();
  });
});

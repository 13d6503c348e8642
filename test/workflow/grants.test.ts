import { describe, expect, it } from '@jest/globals';
import type { DecisionBody, JsonObject } from '../../src/contract/index.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { callIdAt, type RigAgent } from '../support/rig-turns.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask' });
const ringTwice = fakeTool({ name: 'ring_twice', gate: 'ask' });
/** Goes on to `led`, where the policy lets it. */
const leads = fakeTool({
  name: 'leads',
  subjects: { url: { kind: 'url' } },
  async run({ led }, { further }) {
    return JSON.stringify((await further())({ url: led ?? '' }));
  },
});
const rig = useWorkflowRig({ tools: [ring, ringTwice, leads] });

/** A turn whose model asks for one call after the other; the first is decided on. */
async function begun(inputs: JsonObject[], decision: Partial<DecisionBody>, sketch: RigAgent = {}) {
  const { agent, start, pending, decide } = rig();
  const name = await agent([...inputs.map((input) => asks(['ring', input])), says('end')], {
    tools: ['ring', 'ring_twice'],
    ...sketch,
  });
  const turn = await start(name);
  const record = await decide(turn.id, await pending(turn.id, 'ring'), { action: 'always', ...decision });
  return { name, turn, record };
}

/** Waits for the approval of the call in a step, and denies it. */
async function denied(turnId: string, step: number): Promise<void> {
  const callId = callIdAt(turnId, step);
  await rig().untilEvent(turnId, 'approval.requested', (event) => event.callId === callId);
  await rig().decide(turnId, callId, { action: 'deny' });
}

describe('a policy', () => {
  it('judges the value that the tool will use, and what the call leads to', async () => {
    const { agent, start, end } = rig();
    const visit = (url: string, led: string) => asks(['leads', { url, led }]);
    const here = 'https://www.example.com/';
    const name = await agent(
      [
        visit(here, here),
        visit(here, 'https://evil.test?.example.com/'),
        visit('HTTPS://EVIL.TEST.\\x', here),
        says('end'),
      ],
      {
        tools: ['leads'],
        policy: {
          default: 'ask',
          rules: [
            { tool: 'leads', gate: 'allow', args: { url: 'https://*.example.com/**' } },
            { tool: 'leads', gate: 'deny', args: { url: 'https://evil.test/**' }, reason: 'Never.' },
          ],
        },
      },
    );
    const { of } = await end((await start(name)).id);
    const outputs = of('tool_call.completed').map(({ output }) => JSON.parse(output));
    expect(outputs).toEqual([
      { gate: 'allow' },
      { gate: 'deny', rule: 'rules[1]', sameRule: false, reason: 'Never.' },
    ]);
    expect(of('tool_call.failed')).toMatchObject([{ error: { code: 'denied_by_policy' } }]);
  });

  it('asks for what a call leads to, but for what a person has decided with it', async () => {
    const { agent, start, end, pending, decide } = rig();
    const rules = [{ tool: 'leads', gate: 'ask' as const, args: { url: 'https://other.example/**' } }];
    const first = 'https://www.example.com/';
    const led = ['https://www.example.com/a', 'https://other.example/'];
    const calls = led.map((next) => asks(['leads', { url: first, led: next }]));
    const name = await agent([...calls, says('end')], {
      tools: ['leads'],
      policy: { default: 'ask', rules },
    });
    const turn = await start(name);
    await decide(turn.id, await pending(turn.id, 'leads'), {
      action: 'always',
      grant: { scope: 'session', matcher: { kind: 'glob', args: { url: first } } },
    });
    const { of } = await end(turn.id);
    expect(of('tool_call.completed').map(({ output }) => JSON.parse(output))).toEqual([
      { gate: 'ask', rule: 'default', sameRule: true, approved: true },
      { gate: 'ask', rule: 'rules[0]', sameRule: false, approved: false },
    ]);
  });
});

describe('always', () => {
  it('I7: is honoured from then on, each time with the grant’s id', async () => {
    const { end } = rig();
    const { turn, record } = await begun([{}, {}, {}], {});
    const { of } = await end(turn.id);
    expect(of('approval.requested')).toHaveLength(1);
    expect(of('approval.resolved')).toMatchObject([
      { action: 'always', grantId: record.grantId },
      { action: 'granted', via: 'grant', grantId: record.grantId },
      { action: 'granted', via: 'grant', grantId: record.grantId },
    ]);
    expect(ring.count(turn.id)).toBe(3);
  });

  it('holds in the session’s later turns, where its scope is the session', async () => {
    const { start, end, model } = rig();
    const { name, turn, record } = await begun([{}], {});
    await end(turn.id);
    model.script(name, [asks(['ring']), says('end')]);
    const next = await start(name, { sessionId: turn.sessionId });
    const { of } = await end(next.id);
    expect(of('approval.resolved')).toMatchObject([{ action: 'granted', grantId: record.grantId }]);
  });

  it('ends with its turn, where its scope is the turn', async () => {
    const { start, end, model, store } = rig();
    const { name, turn } = await begun([{}, {}], { grant: { scope: 'turn' } });
    const { of, turn: record } = await end(turn.id);
    expect(of('approval.requested')).toHaveLength(1);
    expect((await store.grants.list(record.sessionId, { limit: 5 })).items).toMatchObject([
      { scope: 'turn' },
    ]);
    model.script(name, [asks(['ring']), says('end')]);
    const next = await start(name, { sessionId: turn.sessionId });
    await denied(next.id, 1);
    await end(next.id);
  });

  it('releases what is waiting already, and only what it covers', async () => {
    const { agent, start, decide, end, untilEvent } = rig();
    const name = await agent(
      [
        asks(['ring', { door: 'a' }], ['ring', { door: 'a' }], ['ring', { door: 'b' }], ['ring_twice']),
        says('end'),
      ],
      { tools: ['ring', 'ring_twice'] },
    );
    const turn = await start(name);
    const [first, same, otherInput, otherTool] = [0, 1, 2, 3].map((index) => callIdAt(turn.id, 1, index));
    await untilEvent(turn.id, 'approval.requested', ({ callId }) => callId === otherTool);
    await decide(turn.id, first ?? '', {
      action: 'always',
      grant: { scope: 'session', matcher: { kind: 'exact' } },
    });
    await untilEvent(turn.id, 'tool_call.completed', ({ callId }) => callId === same);
    for (const callId of [otherInput, otherTool]) await decide(turn.id, callId ?? '', { action: 'deny' });
    const { of } = await end(turn.id);
    expect(of('approval.resolved').map(({ action }) => action)).toEqual([
      'always',
      'granted',
      'deny',
      'deny',
    ]);
    expect(ringTwice.count(turn.id)).toBe(0);
  });

  it('I8: holds for exactly that tool, and for the globs that it names', async () => {
    const { end } = rig();
    const { turn } = await begun(
      [{ door: 'garden/gate' }, { door: 'garden/shed' }, { door: 'garden/../vault' }],
      {
        grant: { scope: 'session', matcher: { kind: 'glob', args: { door: 'garden/**' } } },
      },
    );
    await denied(turn.id, 3);
    const { of } = await end(turn.id);
    expect(of('approval.resolved').map(({ action }) => action)).toEqual(['always', 'granted', 'deny']);
  });

  it('covers the edited input, where the input was edited', async () => {
    const { end } = rig();
    const { turn } = await begun([{ door: 'a' }, { door: 'b' }, { door: 'a' }], {
      input: { door: 'b' },
      grant: { scope: 'session', matcher: { kind: 'exact' } },
    });
    await denied(turn.id, 3);
    const { of } = await end(turn.id);
    expect(of('approval.resolved').map(({ action }) => action)).toEqual(['always', 'granted', 'deny']);
  });

  it('never overrides a rule that denies', async () => {
    const { end } = rig();
    const { turn } = await begun(
      [{ door: 'a' }, { door: 'vault' }],
      {},
      {
        policy: { rules: [{ tool: 'ring', args: { door: 'vault' }, gate: 'deny' }] },
      },
    );
    const { of } = await end(turn.id);
    expect(of('tool_call.failed').map(({ error }) => error.code)).toEqual(['denied_by_policy']);
    expect(ring.count(turn.id)).toBe(1);
  });

  it('never overrides a rule that asks every time', async () => {
    const { end } = rig();
    const { turn } = await begun(
      [{ door: 'a' }, { door: 'vault' }],
      {},
      {
        policy: { rules: [{ tool: 'ring', args: { door: 'vault' }, gate: 'ask', grantable: false }] },
      },
    );
    await denied(turn.id, 2);
    await end(turn.id);
  });
});

describe('a grant', () => {
  it('with maxUses holds so often, and then people are asked again', async () => {
    const { end, store } = rig();
    const { turn, record } = await begun([{}, {}, {}, {}], { grant: { scope: 'session', maxUses: 2 } });
    await denied(turn.id, 4);
    const { of } = await end(turn.id);
    expect(of('approval.resolved').map(({ action }) => action)).toEqual([
      'always',
      'granted',
      'granted',
      'deny',
    ]);
    expect((await store.grants.get(record.grantId ?? ''))?.uses).toBe(2);
  });

  it('with maxUses is counted call by call, when calls are parallel', async () => {
    const { agent, start, decide, end, untilEvent, gateway } = rig();
    const name = await agent([asks(['ring'], ['ring'], ['ring'], ['ring']), says('end')], {
      tools: ['ring'],
    });
    const turn = await start(name);
    const callIds = [0, 1, 2, 3].map((index) => callIdAt(turn.id, 1, index));
    await untilEvent(turn.id, 'approval.requested', ({ callId }) => callId === callIds[3]);
    await decide(turn.id, callIds[0] ?? '', { action: 'always', grant: { scope: 'session', maxUses: 2 } });
    const [last] = await poll(
      async () => {
        const { pending } = await gateway.snapshot(turn.id);
        return pending.length === 1 && pending;
      },
      { what: 'all but one are released' },
    );
    await decide(turn.id, last?.callId ?? '', { action: 'deny' });
    const { of } = await end(turn.id);
    expect(
      of('approval.resolved')
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['always', 'deny', 'granted', 'granted']);
    expect(ring.count(turn.id)).toBe(3);
  });

  it('ends at its time', async () => {
    const { end } = rig();
    const expiresAt = new Date(Date.now() - 1_000).toISOString();
    const { turn } = await begun([{}, {}], { grant: { scope: 'session', expiresAt } });
    await denied(turn.id, 2);
    await end(turn.id);
  });

  it('that is revoked while the turn runs covers nothing any more', async () => {
    const { agent, start, end, pending, decide, store, gateway, untilEvent } = rig();
    const gate = createGate();
    const name = await agent([asks(['ring']), asks(['ring']), onceOpen(gate, asks(['ring'])), says('end')], {
      tools: ['ring'],
    });
    const turn = await start(name);
    const record = await decide(turn.id, await pending(turn.id, 'ring'), { action: 'always' });
    await untilEvent(turn.id, 'step.started', ({ step }) => step === 3);
    const grantId = record.grantId ?? '';
    await store.grants.revoke(turn.sessionId, grantId, new Date().toISOString());
    await gateway.revokeGrant(turn.id, grantId);
    gate.open();
    await denied(turn.id, 3);
    const { of } = await end(turn.id);
    expect(of('approval.resolved').map(({ action }) => action)).toEqual(['always', 'granted', 'deny']);
    await gateway.revokeGrant(turn.id, grantId);
  });

  it('that a decision gave is in the store when its turn goes on', async () => {
    const { end, store } = rig();
    const { turn, record } = await begun([{ door: 'a' }], {
      grant: { scope: 'session', matcher: { kind: 'exact' }, maxUses: 3 },
    });
    await end(turn.id);
    expect(await store.grants.get(record.grantId ?? '')).toMatchObject({
      callId: record.callId,
      tool: 'ring',
      locus: 'server',
      matcher: { kind: 'exact', inputDigest: record.inputDigest },
      grantedBy: { name: 'anna' },
      maxUses: 3,
      uses: 0,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { anyInput, nastyText } from '../support/builders.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { callIdAt } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

// Takes anything as it comes: zod's objects leave a key `__proto__` out.
const keep = fakeTool({
  name: 'keep',
  gate: 'ask',
  input: z.unknown(),
  run: async (input) => JSON.stringify(input),
});
const rig = useWorkflowRig({ tools: [keep] });

/** As JSON carries it: no -0, no prototypes. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('I15: what is suspended', () => {
  it('comes back byte for byte: messages, inputs, edits, decisions, results', async () => {
    const { agent, start, pending, decide, end, model, live, stopWorker, startWorker, store } = rig();
    await fc.assert(
      fc.asyncProperty(anyInput, anyInput, nastyText, nastyText, async (asked, edited, text, message) => {
        const name = await agent(
          [asks(['keep', asked], ['keep', asked], ['keep', asked]), says(`out: ${text}`)],
          {
            tools: ['keep'],
          },
        );
        const turn = await start(name, { input: `in: ${text}` });
        await pending(turn.id, 'keep');
        const before = await live(turn.id);
        await stopWorker();
        await startWorker();
        expect(await live(turn.id)).toEqual(before);

        const callIds = [0, 1, 2].map((index) => callIdAt(turn.id, 1, index));
        await decide(turn.id, callIds[0] ?? '', { action: 'allow', input: edited });
        await decide(turn.id, callIds[1] ?? '', { action: 'deny', message });
        await decide(turn.id, callIds[2] ?? '', { action: 'respond', content: text });
        const { turn: record, of } = await end(turn.id);

        expect(record.input).toBe(`in: ${text}`);
        expect(record.output).toBe(`out: ${text}`);
        expect(keep.executions.at(-1)?.input).toEqual(plain(edited));
        expect(of('tool_call.requested').map((event) => event.input)).toEqual([
          plain(asked),
          plain(asked),
          plain(asked),
        ]);
        const records = await store.approvals.ofTurn(turn.id);
        expect(records.find(({ action }) => action === 'deny')?.message).toBe(message);
        expect(model.requests(name)[1]?.messages.slice(-3)).toMatchObject([
          { content: JSON.stringify(plain(edited)), isError: false },
          { content: message === '' ? 'denied: A person denied this call.' : `denied: Denied: ${message}` },
          { content: text, isError: false },
        ]);
      }),
      { numRuns: 6, seed: 20_261_121, endOnFailure: true },
    );
  });
});

describe('I13: the catalogue', () => {
  it('is that of the turn’s start, though the agent has changed meanwhile', async () => {
    const { agent, start, pending, decide, end, model, store } = rig();
    const name = await agent([asks(['keep']), says('end')], { tools: ['keep', 'read_file'] });
    const turn = await start(name);
    const callId = await pending(turn.id, 'keep');
    const definition = await store.agents.get(name);
    if (!definition) throw new Error('the agent is gone');
    const { digest: _digest, source: _source, updatedAt: _updatedAt, ...rest } = definition;
    await store.agents.put({ ...rest, tools: [], instructions: 'changed' }, new Date().toISOString());
    await decide(turn.id, callId, { action: 'allow' });
    const { of, turn: record } = await end(turn.id);
    expect(model.requests(name).map(({ tools }) => tools)).toEqual([
      ['keep', 'read_file'],
      ['keep', 'read_file'],
    ]);
    expect(of('turn.started')[0]?.digests).toEqual(record.digests);
  });
});

describe('I1: a pending call', () => {
  it('is one and the same in the query, the store’s row, the inbox and the decision', async () => {
    const { agent, start, pending, decide, end, gateway, store, untilEvent } = rig();
    const turn = await start(await agent([asks(['keep', { a: 1 }]), says('end')], { tools: ['keep'] }));
    const callId = await pending(turn.id, 'keep');
    const recorded = await poll(() => store.approvals.get(callId), { what: 'the inbox has it' });
    const event = await untilEvent(turn.id, 'approval.requested');
    const snapshot = await gateway.snapshot(turn.id);
    const row = await store.turns.get(turn.id);
    expect(snapshot).toMatchObject({ status: 'waiting', turnId: turn.id, sessionId: turn.sessionId });
    expect(row?.pending).toEqual(snapshot.pending);
    expect(snapshot.pending).toEqual([
      {
        callId,
        tool: 'keep',
        kind: 'approval',
        input: { a: 1 },
        inputDigest: event.inputDigest,
        expiresAt: event.expiresAt,
      },
    ]);
    expect(recorded).toMatchObject({ callId, turnId: turn.id, sessionId: turn.sessionId, status: 'pending' });
    expect(await decide(turn.id, callId, { action: 'deny' })).toMatchObject({ callId, status: 'denied' });
    await end(turn.id);
  });
});

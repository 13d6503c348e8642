import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ApiDeps } from '../../src/api/deps.ts';
import { createMetrics } from '../../src/api/health/metrics.ts';
import { createCallMessages } from '../../src/api/turn/operations/call-messages.ts';
import type { ClientTool, JsonObject } from '../../src/contract/index.ts';
import { storedDigest } from '../../src/temporal/turn/cut-content.ts';
import { turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import { activationBytes } from '../support/activation-bytes.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { ANNA, callIdAt, origin } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

// The engine kills a workflow whose worker sends more than 4 MiB at once.
const MOST_BYTES = 3 * 1024 * 1024;
const echo = fakeTool({ name: 'echo', gate: 'ask' });
const rig = useWorkflowRig({ tools: [echo] });

const ask: ClientTool = { name: 'ask', description: 'Asks the user.', inputSchema: { type: 'object' } };
const FREE = { rules: [{ tool: 'ask', gate: 'allow' as const }] };
const long = (n: number) => `${n}: ${'x'.repeat(899_000)}`;

/** What stands for a long text where a test fails. */
const short = (text: string) => `${text.slice(0, 5)}… ${text.length}`;

async function kept(callId: string): Promise<string> {
  const row = await rig().store.ledger.get(callId);
  return short(row?.content ?? row?.error?.message ?? '');
}

/** A turn whose step asks for these calls, once all of them wait. */
async function waiting(tools: string[], inputs: JsonObject[] = [], policy: object = FREE) {
  const { agent, start, store } = rig();
  const calls = tools.map((tool, n): [string, JsonObject] => [tool, inputs[n] ?? {}]);
  const name = await agent([asks(...calls), says('end')], { tools: ['echo'], clientTools: [ask], policy });
  const { id } = await start(name);
  const callIds = tools.map((_, index) => callIdAt(id, 1, index));
  // From the store: a look at it costs little, however long the inputs are.
  await poll(async () => (await store.turns.get(id))?.pending.length === tools.length, {
    what: 'all calls wait',
    everyMs: 20,
    timeoutMs: 55_000,
  });
  return { id, callIds };
}

/** Decisions and results as the API takes them. */
function api() {
  const { store, gateway } = rig();
  const newId = (prefix: string) => `${prefix}_${randomUUID()}`;
  const deps = { store, gateway, newId, metrics: createMetrics(), now: () => new Date() };
  return createCallMessages(deps as unknown as ApiDeps, async () => {});
}

async function heaviest(turnId: string): Promise<number> {
  const { client } = rig();
  const runs = await turnRuns(client, turnId);
  return Math.max(...runs.flatMap(({ history }) => activationBytes(history)));
}

async function endsWell(turnId: string) {
  await poll(async () => (await rig().store.turns.get(turnId))?.endedAt !== undefined, {
    what: `turn ${turnId} has ended`,
    everyMs: 50,
    timeoutMs: 55_000,
  });
  const ended = await rig().end(turnId);
  expect(ended.types.at(-1)).toBe('turn.completed');
  expect(await heaviest(turnId)).toBeLessThan(MOST_BYTES);
  return ended;
}

describe('results of 899 KB', () => {
  it('at once, through the API, are kept in full and never enter the history', async () => {
    const { id, callIds } = await waiting(['ask', 'ask', 'ask', 'ask', 'ask']);
    const messages = api();
    await Promise.all(
      callIds.map((callId, n) => messages.submitResult(id, callId, { content: long(n) }, ANNA)),
    );
    const { of } = await endsWell(id);
    expect(of('tool_call.completed').every(({ output }) => output.length < 6_100)).toBe(true);
    for (const [n, callId] of callIds.entries()) {
      expect(await kept(callId)).toBe(short(long(n)));
    }
    expect(await heaviest(id)).toBeLessThan(300_000);
    // Late, and the same again: the receipt. Another one: a conflict.
    const [first = ''] = callIds;
    expect(await messages.submitResult(id, first, { content: long(0) }, ANNA)).toMatchObject({ status: 200 });
    await expect(messages.submitResult(id, first, { content: long(9) }, ANNA)).rejects.toMatchObject({
      code: 'already_resolved',
    });
    expect(await kept(first)).toBe(short(long(0)));
  });

  it('at once, in messages that bring them whole, are kept one after another', async () => {
    const { id, callIds } = await waiting(['ask', 'ask', 'ask', 'ask', 'ask']);
    const { result } = rig();
    await Promise.all(callIds.map((callId, n) => result(id, callId, { content: long(n), isError: n === 4 })));
    await endsWell(id);
    for (const [n, callId] of callIds.entries()) {
      expect(await kept(callId)).toBe(short(long(n)));
      // As if the API had cut them: the same result again is known by it, also where its text is not kept any more.
      const settled = (await rig().store.events.ofCall(id, callId)).find((event) => 'resultDigest' in event);
      expect(settled).toMatchObject({
        resultDigest: storedDigest({ content: long(n), isError: n === 4 }),
      });
    }
  });

  it('queued as signals while there is no worker, are kept one after another', async () => {
    const { id, callIds } = await waiting(['ask', 'ask', 'ask', 'ask', 'ask', 'ask']);
    const { signal, stopWorker, startWorker } = rig();
    await stopWorker();
    for (const [n, callId] of callIds.entries()) {
      await signal(id, 'clientToolResult', { ...origin(), callId, content: long(n) });
    }
    await startWorker();
    await endsWell(id);
    for (const [n, callId] of callIds.entries()) {
      expect(await kept(callId)).toBe(short(long(n)));
    }
  });

  it('given with decisions by people, are kept in full', async () => {
    const { id, callIds } = await waiting(['echo', 'echo', 'echo', 'echo', 'echo', 'echo'], [], {});
    const messages = api();
    const actions = ['respond', 'allow', 'always'] as const;
    await Promise.all(
      callIds.map((callId, n) =>
        messages.decide(id, callId, { action: actions[n % 2] ?? 'respond', content: long(n) }, ANNA),
      ),
    );
    await endsWell(id);
    for (const [n, callId] of callIds.entries()) {
      expect(await kept(callId)).toBe(short(long(n)));
    }
    expect(echo.count(id)).toBe(0);
  });

  it('of which another won leave no trace in the call', async () => {
    const { id, callIds } = await waiting(['ask', 'ask']);
    const messages = api();
    const [callId = '', other = ''] = callIds;
    await messages.submitResult(id, callId, { content: long(1), isError: true }, ANNA);
    await expect(messages.submitResult(id, callId, { content: long(2) }, ANNA)).rejects.toMatchObject({
      code: 'already_resolved',
    });
    await expect(messages.submitResult(id, callId, { content: long(1) }, ANNA)).rejects.toMatchObject({
      code: 'already_resolved',
    });
    await messages.submitResult(id, other, { content: 'short' }, ANNA);
    const { of } = await endsWell(id);
    expect(of('tool_call.failed')[0]?.error.message.length).toBeLessThan(6_100);
    expect(await kept(callId)).toBe(short(long(1)));
    expect((await rig().store.ledger.get(callId))?.error?.code).toBe('client_error');
    expect(await rig().store.ledger.get(other)).toBeUndefined();
  });
});

describe('what a turn sends at once', () => {
  const text = fc.constantFrom(10, 7_000, 200_000, 899_000).map((length) => 'x'.repeat(length));
  const input = fc
    .constantFrom(10, 60_000, 261_000)
    .map((length): JsonObject => ({ text: 'y'.repeat(length) }));
  const decision = fc.oneof(
    fc.record({ action: fc.constant('allow' as const), input }),
    fc.record({ action: fc.constant('respond' as const), content: text }),
    fc.record({ action: fc.constant('deny' as const), message: fc.constant('n'.repeat(4_000)) }),
  );
  const arrival = fc.record({
    calls: fc.array(decision, { minLength: 1, maxLength: 9 }),
    steers: fc.array(fc.constant('s'.repeat(100_000)), { maxLength: 12 }),
    inputs: fc.constantFrom(10, 150_000),
    withWorker: fc.boolean(),
  });

  it('stays below 3 MiB, whatever arrives at the limits of the contract', async () => {
    await fc.assert(
      fc.asyncProperty(arrival, async ({ calls, steers, inputs, withWorker }) => {
        const { signal, gateway, stopWorker, startWorker } = rig();
        const asked = calls.map((_, n) => ({ n, text: 'z'.repeat(inputs) }));
        const { id, callIds } = await waiting(
          calls.map(() => 'echo'),
          asked,
          {},
        );
        if (!withWorker) await stopWorker();
        await Promise.all([
          ...steers.map((message) =>
            withWorker ? gateway.steer(id, message, origin()) : signal(id, 'steer', { ...origin(), message }),
          ),
          ...callIds.map((callId, n) =>
            withWorker
              ? gateway.decide(id, callId, calls[n] as never, origin())
              : signal(id, 'toolDecision', { ...origin(), callId, ...calls[n] }),
          ),
        ]);
        if (!withWorker) await startWorker();
        await endsWell(id);
      }),
      { numRuns: 3, seed: 8, endOnFailure: true },
    );
  });

  it('can be asked for, with 3 MB of inputs that people edited and the client has', async () => {
    const { id, callIds } = await waiting(Array(24).fill('ask'), [], {});
    const { signal, gateway, stopWorker, startWorker, store } = rig();
    const edited = callIds.slice(0, 12);
    const pad = { text: 'e'.repeat(262_000) };
    await stopWorker();
    for (const [n, callId] of edited.entries()) {
      await signal(id, 'toolDecision', { ...origin(), callId, action: 'allow', input: { ...pad, n } });
    }
    await startWorker();
    await poll(async () => (await store.approvals.get(edited.at(-1) ?? ''))?.action === 'allow', {
      what: 'the last edit is stored',
      everyMs: 100,
      timeoutMs: 60_000,
    });
    // The answer has the inputs that fit, and the digests of all.
    const { pending } = await gateway.snapshot(id);
    expect(pending).toHaveLength(24);
    expect(pending.filter(({ input }) => 'text' in input)).toHaveLength(1);
    await Promise.all(edited.map((callId, n) => rig().result(id, callId, { content: `${n}` })));
    await Promise.all(callIds.slice(12).map((callId) => api().decide(id, callId, { action: 'deny' }, ANNA)));
    await endsWell(id);
    expect((await store.approvals.get(edited[0] ?? ''))?.editedInput).toEqual({ ...pad, n: 0 });
  });

  it('answers eight long edits at once with whole records', async () => {
    const { id, callIds } = await waiting(
      Array(8).fill('echo'),
      Array(8).fill({ text: 'a'.repeat(180_000) }),
      {},
    );
    const input = { text: 'b'.repeat(261_000) };
    const answers = await Promise.all(
      callIds.map((callId) => api().decide(id, callId, { action: 'allow', input }, ANNA)),
    );
    // On a slow machine some are taken as signals; whoever is answered is answered in full.
    const records = answers.flatMap((answer) => (answer.status === 200 ? [answer.body] : []));
    expect(records.length).toBeGreaterThan(0);
    for (const { status, input: asked, editedInput } of records) {
      expect([status, String(asked['text']).length, String(editedInput?.['text']).length]).toEqual([
        'allowed',
        180_000,
        261_000,
      ]);
    }
    await endsWell(id);
  });
});

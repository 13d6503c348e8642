import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { catalogueOf } from '../../src/agents/pin.ts';
import { AgentDefinition, type Approval } from '../../src/contract/index.ts';
import { digestOf } from '../../src/digest.ts';
import { builtInTools } from '../../src/process/capabilities/all.ts';
import { cutResult } from '../../src/temporal/turn/cut-content.ts';
import { MessageRefused, TurnClosed } from '../../src/temporal/turn/turn-gateway.ts';
import { pending, requested, resolved, seedEnd, seedRunning } from '../support/seed-turns.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let turnId: string;
let sessionId: string;
let callId: string;
let calls = 0;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

/** Each test has a turn with one pending call. */
beforeEach(async () => {
  calls += 1;
  callId = `call-${calls}`;
  ({ id: turnId, sessionId } = await seedRunning(test.store, pending(callId)));
  test.gateway.script = {};
  test.gateway.sent.length = 0;
});

const decide = (body: object) => test.post(`/v1/turns/${turnId}/calls/${callId}/decision`, body);
const result = (body: object) => test.post(`/v1/turns/${turnId}/calls/${callId}/result`, body);
const sentVerbs = () => test.gateway.sent.map(({ verb }) => verb);
const record = async (): Promise<Approval> => {
  const approval = await test.store.approvals.get(callId);
  if (approval === undefined) throw new Error('no record');
  return approval;
};

describe('POST …/decision in a store that was restored, and lacks what its turn is pinned to', () => {
  const decideOn = (turn: string, call: string, input: object) =>
    test.post(`/v1/turns/${turn}/calls/${call}/decision`, { action: 'allow', input });
  /** A pending call of a turn of the agent `helper`, which has had these tools since; only the pin's digests are known. */
  async function restored(tools: string[]) {
    const call = `restored-${tools.length}`;
    const helper = AgentDefinition.parse({
      name: 'helper',
      model: 'rehearsal/script',
      tools: ['write_file'],
      // Another pin for each.
      clientTools: [{ name: call, description: '', inputSchema: { type: 'object' } }],
    });
    const registry = builtInTools({
      notes: test.store.notes,
      auth: test.store.auth,
      waiters: test.store.waiters,
      httpFetchAllow: [],
    });
    const catalogue = catalogueOf(helper, { clientTools: [] }, registry.describe);
    const digests = { definition: digestOf(helper), catalogue: digestOf(catalogue) };
    await test.store.agents.put({ ...helper, tools }, '2026-11-21T11:00:00.000Z');
    const { id } = await seedRunning(test.store, pending(call), undefined, digests);
    return { id, call, digests };
  }

  it('checks an edited input by the schema of the tool that it is, where that is the same', async () => {
    const { id, call, digests } = await restored(['write_file']);
    expect(problemCode(await decideOn(id, call, { path: 1 }))).toBe('422 input_invalid');
    expect(await test.store.snapshots.get(digests.catalogue)).toMatchObject([
      { name: 'write_file' },
      { name: call },
    ]);
    test.gateway.script = { decide: async () => ({ delivery: 'accepted' }) };
    expect((await decideOn(id, call, { path: 'b.txt', content: '' })).status).toBe(202);
  });

  it('takes no edited input that nobody can check', async () => {
    const { id, call } = await restored([]);
    const answer = await decideOn(id, call, { path: 'b.txt', content: '' });
    expect(problemCode(answer)).toBe('409 pin_lost');
    expect(answer.body.detail).toContain('Allow the call as it is, deny it');
    expect(sentVerbs()).toEqual([]);
  });
});

describe('POST …/decision', () => {
  it('answers with the record that the workflow made', async () => {
    const approval = await record();
    test.gateway.script = {
      decide: async (_turn, _call, _decision, { messageId }) => ({
        delivery: 'answered',
        result: {
          ...approval,
          status: 'allowed',
          action: 'allow',
          decisionId: messageId,
          decidedAt: '2026-11-21T11:00:30.000Z',
        },
      }),
    };
    const answer = await decide({ action: 'allow', toolName: 'write_file', input: { path: 'b.txt' } });
    expect(answer).toMatchObject({ status: 200, body: { callId, turnId, status: 'allowed' } });
    expect(test.gateway.sent).toMatchObject([
      {
        verb: 'decide',
        args: [turnId, callId, { action: 'allow', input: { path: 'b.txt' } }, { by: { tokenId: 'admin' } }],
      },
    ]);
    const metrics = await test.get('/metrics');
    expect(metrics.body).toContain('longturn_time_to_decision_seconds_bucket{le="60",action="allow"}');
  });

  it('answers 202 with the message id when no worker has taken it up', async () => {
    test.gateway.script = { decide: async () => ({ delivery: 'accepted' }) };
    const answer = await decide({ action: 'deny', message: 'no' });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ delivery: 'accepted', messageId: expect.stringMatching(/^msg_/) });
  });

  it.each(['', '!(*.txt)', 'a[b', 'x'.repeat(1_001)])('refuses a grant with the glob %j', async (glob) => {
    const answer = await decide({
      action: 'always',
      grant: { matcher: { kind: 'glob', args: { path: glob } } },
    });
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(answer.body.errors[0].path).toBe('body.grant.matcher.args.path');
    expect(test.gateway.sent).toEqual([]);
  });

  it.each([
    [{ action: 'respond' }, 'content'],
    [{ action: 'deny', content: 'x' }, 'content'],
    [{ action: 'deny', input: {} }, 'input'],
    [{ action: 'respond', content: 'x', input: {} }, 'input'],
    [{ action: 'allow', message: 'x' }, 'message'],
    [{ action: 'allow', grant: {} }, 'grant'],
    [{ action: 'maybe' }, 'action'],
    [{}, 'action'],
  ])('refuses %j and sends nothing', async (body, field) => {
    const answer = await decide(body);
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toContain(`body.${field}`);
    expect(sentVerbs()).toEqual([]);
  });

  it('refuses an edited input that the pinned schema does not take, by path, and sends nothing', async () => {
    const answer = await decide({ action: 'allow', input: { path: 1, mode: 'x' } });
    expect(problemCode(answer)).toBe('422 input_invalid');
    expect(answer.body.errors.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'body.input.mode',
      'body.input.path',
    ]);
    expect(sentVerbs()).toEqual([]);
  });

  it('refuses another tool than the call has, and sends nothing', async () => {
    expect(problemCode(await decide({ action: 'allow', toolName: 'nope' }))).toBe('409 tool_mismatch');
    expect(sentVerbs()).toEqual([]);
  });

  it('passes on the record of a decision that came first', async () => {
    const approval = await record();
    test.gateway.script = {
      decide: () => Promise.reject(new MessageRefused('already_decided', 'Already denied.', approval)),
    };
    const answer = await decide({ action: 'allow' });
    expect(problemCode(answer)).toBe('409 already_decided');
    expect(answer.body.approval).toMatchObject({ callId, turnId });
  });

  it('answers from the record after the end: the same again 200, another 409', async () => {
    await seedEnd(test.store, turnId, 'completed', [resolved(callId, 'deny', { message: 'no' })]);
    const same = await decide({ action: 'deny', message: 'no' });
    expect(same).toMatchObject({ status: 200, body: { status: 'denied', decisionId: 'msg_earlier' } });
    for (const other of [{ action: 'deny' }, { action: 'deny', message: 'never' }, { action: 'allow' }]) {
      const answer = await decide(other);
      expect(problemCode(answer)).toBe('409 already_decided');
      expect(answer.body.approval.status).toBe('denied');
    }
    expect(sentVerbs()).toEqual([]);
  });

  it('compares an edited input by meaning', async () => {
    const input = { path: 'b.txt', content: 'x' };
    await seedEnd(test.store, turnId, 'completed', [resolved(callId, 'allow', { input })]);
    expect((await decide({ action: 'allow', input: { content: 'x', path: 'b.txt' } })).status).toBe(200);
    expect(problemCode(await decide({ action: 'allow' }))).toBe('409 already_decided');
  });

  it('tells of the expiry when the turn ended undecided', async () => {
    await seedEnd(test.store, turnId, 'cancelled');
    const answer = await decide({ action: 'allow' });
    expect(problemCode(answer)).toBe('409 already_decided');
    expect(answer.body.approval.status).toBe('expired');
  });

  it('waits for the end to be written when the workflow is just closing', async () => {
    test.gateway.script = {
      decide: async () => {
        setTimeout(() => void seedEnd(test.store, turnId, 'completed', [resolved(callId, 'allow')]), 100);
        throw new TurnClosed('closed');
      },
    };
    expect(await decide({ action: 'allow' })).toMatchObject({ status: 200, body: { status: 'allowed' } });
  });

  it('answers 503 when the end is not written in time', async () => {
    test.gateway.script = { decide: () => Promise.reject(new TurnClosed('closed')) };
    expect(problemCode(await decide({ action: 'allow' }))).toBe('503 engine_unavailable');
  });
});

describe('POST …/result', () => {
  const awaited = async (): Promise<void> => {
    callId = `${callId}-client`;
    ({ id: turnId } = await seedRunning(test.store, [
      requested(callId, 'client'),
      { type: 'tool_call.awaiting_result', callId },
    ]));
  };

  it('hands the result to the workflow', async () => {
    await awaited();
    test.gateway.script = {
      submitResult: async (_turn, id) => ({ delivery: 'answered', result: { callId: id } }),
    };
    expect(await result({ content: 'here' })).toMatchObject({ status: 200, body: { callId } });
    expect(test.gateway.sent[0]?.args.slice(0, 3)).toEqual([turnId, callId, { content: 'here' }]);
  });

  it('answers from the ledger after the end: the same again 200, another 409', async () => {
    await awaited();
    await test.store.ledger.keep({
      callId,
      turnId,
      tool: 'write_file',
      content: 'the whole',
      at: '2026-11-21T11:00:00.000Z',
    });
    await seedEnd(test.store, turnId, 'completed', [
      { type: 'tool_call.completed', callId, output: 'the wh…' },
    ]);
    expect((await result({ content: 'the whole' })).status).toBe(200);
    expect(problemCode(await result({ content: 'else' }))).toBe('409 already_resolved');
    expect(problemCode(await result({ content: 'the whole', isError: true }))).toBe('409 already_resolved');
  });

  it('knows a long result again by its digest, where only that is left of it', async () => {
    await awaited();
    const { sent, stored } = cutResult({ content: 'x'.repeat(60_000) });
    const resultDigest = stored?.digest ?? '';
    await seedEnd(test.store, turnId, 'completed', [
      { type: 'tool_call.completed', callId, output: sent.content, resultDigest },
    ]);
    expect((await result({ content: 'x'.repeat(60_000) })).status).toBe(200);
    expect(problemCode(await result({ content: 'x'.repeat(60_001) }))).toBe('409 already_resolved');
    expect(problemCode(await result({ content: sent.content }))).toBe('409 already_resolved');
  });

  it('knows an error result again', async () => {
    await awaited();
    const error = { code: 'client_error', message: 'it broke' };
    await seedEnd(test.store, turnId, 'completed', [{ type: 'tool_call.failed', callId, error }]);
    expect((await result({ content: 'it broke', isError: true })).status).toBe(200);
    expect(problemCode(await result({ content: 'it broke' }))).toBe('409 already_resolved');
  });

  it('is too late when the turn ended without it', async () => {
    await awaited();
    await seedEnd(test.store, turnId, 'cancelled');
    expect(problemCode(await result({ content: 'late' }))).toBe('409 turn_ended');
  });
});

describe('GET …/calls/{callId}', () => {
  it('shows the call with its approval while it waits', async () => {
    const { body } = await test.get(`/v1/turns/${turnId}/calls/${callId}`);
    expect(body).toMatchObject({
      callId,
      turnId,
      sessionId,
      tool: 'write_file',
      locus: 'server',
      status: 'pending',
      input: { path: 'a.txt' },
      inputDigest: digestOf({ path: 'a.txt' }),
      attempts: 0,
      approval: { status: 'pending' },
    });
  });

  it('shows the full output, whatever the model was shown', async () => {
    const at = '2026-11-21T11:00:00.000Z';
    const full = 'x'.repeat(7_000);
    await test.store.ledger.begin({ callId, turnId, tool: 'write_file', at, again: false });
    await test.store.ledger.settle(callId, { content: full }, at);
    await seedEnd(test.store, turnId, 'completed', [
      resolved(callId, 'allow', { input: { path: 'b.txt' } }),
      { type: 'tool_call.started', callId, attempt: 1 },
      {
        type: 'tool_call.completed',
        callId,
        output: 'x',
        truncated: { shownCharacters: 1, ofCharacters: 7_000 },
      },
    ]);
    const { body } = await test.get(`/v1/turns/${turnId}/calls/${callId}`);
    expect(body).toMatchObject({ status: 'completed', input: { path: 'b.txt' }, output: full, attempts: 1 });
  });

  it('knows no other call', async () => {
    expect(problemCode(await test.get(`/v1/turns/${turnId}/calls/other`))).toBe('404 call_not_found');
  });
});

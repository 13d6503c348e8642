import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pending, requested, seedEnd, seedRunning, snapshotOf } from '../support/seed-turns.ts';
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

beforeEach(async () => {
  calls += 1;
  callId = `call-${calls}`;
  ({ id: turnId, sessionId } = await seedRunning(test.store, pending(callId)));
  test.gateway.sent.length = 0;
  test.gateway.script = {
    decide: async () => ({ delivery: 'accepted' }),
    submitResult: async (_turn, id) => ({ delivery: 'answered', result: { callId: id } }),
  };
});

const approve = (body: object, session = sessionId) => test.post(`/v1/sessions/${session}/approve`, body);
const toolResult = (body: object, session = sessionId) =>
  test.post(`/v1/sessions/${session}/tool_result`, body);

describe('POST /v1/sessions/{id}/approve', () => {
  it.each(['allow', 'always'])('%s needs the tool name and changes nothing without it', async (action) => {
    for (const tool_name of [undefined, '']) {
      const answer = await approve({ call_id: callId, action, tool_name });
      expect(problemCode(answer)).toBe('400 validation_failed');
      expect(answer.body.errors).toMatchObject([{ path: 'body.tool_name' }]);
    }
    expect(problemCode(await approve({ call_id: callId, action, tool_name: 'nope' }))).toBe(
      '409 tool_mismatch',
    );
    expect(test.gateway.sent).toEqual([]);
  });

  it.each(['call_id', 'action'])('needs %s', async (field) => {
    const { [field as 'action']: _, ...body } = { call_id: callId, action: 'deny', tool_name: 'write_file' };
    const answer = await approve(body);
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(answer.body.errors[0].path).toBe(`body.${field}`);
  });

  it('denies without a tool name, with the message', async () => {
    expect((await approve({ call_id: callId, action: 'deny', message: 'no', tool_name: '' })).status).toBe(
      202,
    );
    expect(test.gateway.sent[0]?.args.slice(0, 3)).toEqual([
      turnId,
      callId,
      { action: 'deny', message: 'no' },
    ]);
  });

  it('passes edited input and content on', async () => {
    await approve({
      call_id: callId,
      action: 'allow',
      tool_name: 'write_file',
      input: { path: 'b' },
      content: 'done',
    });
    expect(test.gateway.sent[0]?.args[2]).toEqual({
      action: 'allow',
      toolName: 'write_file',
      input: { path: 'b' },
      content: 'done',
    });
  });

  it('knows no call of another session', async () => {
    const other = await seedRunning(test.store);
    const body = { call_id: callId, action: 'deny' };
    expect(problemCode(await approve(body, other.sessionId))).toBe('404 call_not_found');
    expect(problemCode(await approve(body, 'none'))).toBe('404 session_not_found');
    expect(problemCode(await approve({ ...body, call_id: 'stale' }))).toBe('404 call_not_found');
    expect(test.gateway.sent.filter(({ verb }) => verb === 'decide')).toEqual([]);
  });

  it('finds a call that only the running workflow knows yet', async () => {
    const turn = await seedRunning(test.store);
    const call = {
      callId: 'fresh',
      step: 1,
      tool: 'write_file',
      status: 'pending' as const,
      input: {},
      inputDigest: `sha256:${'0'.repeat(64)}`,
    };
    test.gateway.script.snapshot = async () => snapshotOf(turn, { calls: [call] });
    expect((await approve({ call_id: 'fresh', action: 'deny' }, turn.sessionId)).status).toBe(202);
  });
});

describe('POST /v1/sessions/{id}/tool_result', () => {
  it('hands the result of a client tool to its turn', async () => {
    const id = `${callId}-client`;
    const turn = await seedRunning(test.store, [
      requested(id, 'client'),
      { type: 'tool_call.awaiting_result', callId: id },
    ]);
    const answer = await toolResult({ call_id: id, content: 'x', is_error: true }, turn.sessionId);
    expect(answer).toMatchObject({ status: 200, body: { callId: id } });
    expect(test.gateway.sent[0]?.args.slice(0, 3)).toEqual([turn.id, id, { content: 'x', isError: true }]);
  });

  it('refuses a result for a call of an ended turn that took none', async () => {
    await seedEnd(test.store, turnId);
    expect(problemCode(await toolResult({ call_id: callId, content: 'x' }))).toBe('409 not_awaiting_result');
    expect(problemCode(await toolResult({ call_id: callId }))).toBe('400 validation_failed');
  });
});

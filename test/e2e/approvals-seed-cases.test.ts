import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Approval, Grant } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({
    clientTools: [{ name: 'phone', description: 'x', inputSchema: { type: 'object' } }],
  });
});

const append = (file: string) => call('run_command', { command: `echo x >> ${file}` });
const lines = (file: string) => workspaceOf(system().dataDir, agent).lines(file);
const approve = (sessionId: string, body: unknown) =>
  turns.http.post<Approval>(`/v1/sessions/${sessionId}/approve`, body);

async function asked(script: string | string[], tool = 'run_command') {
  const turn = await turns.start(agent, script);
  return { turn, pending: await turns.pending(turn.id, tool) };
}

describe('the ten cases of the source, through its own wire shapes', () => {
  it('A.4-1 an empty session id is an error', async () => {
    const answer = await approve('', { call_id: 'x', action: 'deny' });
    expect([400, 404]).toContain(answer.status);
    problemOf(answer);
    const blank = await approve('%20', { call_id: 'x', action: 'deny' });
    expect([400, 404]).toContain(blank.status);
  });

  it.each([
    ['A.4-2 a missing call_id', { action: 'deny' }],
    ['A.4-2 an empty call_id', { call_id: '', action: 'deny' }],
    ['A.4-3 a missing action', { call_id: 'known' }],
    ['A.4-3 an unknown action', { call_id: 'known', action: 'maybe' }],
    ['A.4-5 allow without tool_name', { call_id: 'known', action: 'allow' }],
    ['A.4-5 always without tool_name', { call_id: 'known', action: 'always' }],
    ['A.4-5 allow with an empty tool_name', { call_id: 'known', action: 'allow', tool_name: '' }],
    ['an unknown field', { call_id: 'known', action: 'deny', force: true }],
  ])('%s is 400 and changes nothing', async (_, body) => {
    const { turn, pending } = await asked(append('guards.log'));
    const known = 'call_id' in body && body.call_id === 'known' ? { call_id: pending.callId } : {};
    const answer = await approve(turn.sessionId, { ...body, ...known });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).code).toBe('validation_failed');
    expect((await turns.get(turn.id)).pending).toEqual([pending]);
    await turns.decide(turn.id, pending.callId, { action: 'deny' });
    await turns.end(turn.id);
    expect(await lines('guards.log')).toEqual([]);
  });

  it('A.4-4 nothing pending is the expected error', async () => {
    const turn = await turns.start(agent, '/say nothing to approve');
    await turns.end(turn.id);
    const answer = await approve(turn.sessionId, { call_id: 'x', action: 'allow', tool_name: 'run_command' });
    expect(answer.status).toBe(404);
    expect(problemOf(answer).code).toBe('call_not_found');
  });

  it('A.4-6 deny works without tool_name and does not dispatch', async () => {
    const { turn, pending } = await asked(append('denied.log'));
    const answer = await approve(turn.sessionId, { call_id: pending.callId, action: 'deny' });
    expect(answer.status).toBe(200);
    const ended = await turns.end(turn.id);
    expect(ended.of('tool_call.failed')).toMatchObject([
      { callId: pending.callId, error: { code: 'denied' } },
    ]);
    expect(await lines('denied.log')).toEqual([]);
  });

  it('A.4-7 a call id that is not the pending one is an error, never a fallback', async () => {
    const { turn, pending } = await asked(append('mismatch.log'));
    const answer = await approve(turn.sessionId, {
      call_id: `${pending.callId}x`,
      action: 'allow',
      tool_name: 'run_command',
    });
    expect(answer.status).toBe(404);
    expect((await turns.get(turn.id)).pending).toEqual([pending]);
    const wrongTool = await approve(turn.sessionId, {
      call_id: pending.callId,
      action: 'allow',
      tool_name: 'write_file',
    });
    expect(wrongTool.status).toBe(409);
    expect(problemOf(wrongTool).code).toBe('tool_mismatch');
    await approve(turn.sessionId, { call_id: pending.callId, action: 'deny' });
    await turns.end(turn.id);
    expect(await lines('mismatch.log')).toEqual([]);
  });

  it('A.4-8 a denial resumes the turn with one error result for the call', async () => {
    const { turn, pending } = await asked([append('resumed.log'), '/next', '/say resumed']);
    await approve(turn.sessionId, { call_id: pending.callId, action: 'deny' });
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'resumed' });
    const ofCall = ended.events.filter(
      (event) =>
        (event.type === 'tool_call.failed' || event.type === 'tool_call.completed') &&
        event.callId === pending.callId,
    );
    expect(ofCall).toHaveLength(1);
  });

  it('A.4-9 always is recorded for the session, and read by the loop', async () => {
    const { turn, pending } = await asked([append('always.log'), '/next', append('always.log')]);
    const answer = await approve(turn.sessionId, {
      call_id: pending.callId,
      action: 'always',
      tool_name: 'run_command',
    });
    expect(answer.status).toBe(200);
    const ended = await turns.end(turn.id);
    const grants = await turns.http.get<{ items: Grant[] }>(`/v1/sessions/${turn.sessionId}/grants`);
    expect(grants.body.items).toMatchObject([{ tool: 'run_command', scope: 'session' }]);
    expect(ended.of('approval.requested')).toHaveLength(1);
    expect(await lines('always.log')).toHaveLength(2);
  });

  it.each(['run_command', 'phone'])(
    'A.4-10 allow with client content does not execute again: %s',
    async (tool) => {
      const script = tool === 'phone' ? '/call phone {}' : append('content.log');
      const { turn, pending } = await asked(script, tool);
      const answer = await approve(turn.sessionId, {
        call_id: pending.callId,
        action: 'allow',
        tool_name: tool,
        content: 'the client did it',
      });
      expect(answer.status).toBe(200);
      const ended = await turns.end(turn.id);
      expect(ended.turn.output).toBe(`${tool}: the client did it`);
      expect(ended.of('tool_call.started')).toEqual([]);
      expect(await lines('content.log')).toEqual([]);
    },
  );

  it('the wire shape and the native one share one record', async () => {
    const { turn, pending } = await asked(append('shared.log'));
    const allow = { call_id: pending.callId, action: 'allow', tool_name: 'run_command' };
    const first = await approve(turn.sessionId, allow);
    await turns.end(turn.id);
    const native = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    const again = await approve(turn.sessionId, allow);
    expect([first.status, native.status, again.status]).toEqual([200, 200, 200]);
    expect(native.body.decisionId).toBe(again.body.decisionId);
    const deny = await approve(turn.sessionId, { call_id: pending.callId, action: 'deny' });
    expect(deny.status).toBe(409);
    expect(await lines('shared.log')).toHaveLength(1);
  });
});

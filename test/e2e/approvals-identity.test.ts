import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Approval, Problem, Turn } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { workspaceOf } from '../support/side-effects.ts';
import type { StreamData } from '../support/sse-reader.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({
    clientTools: [{ name: 'ask_phone', description: 'x', inputSchema: { type: 'object' } }],
  });
});

const write = (path: string) => call('write_file', { path, content: 'x' });
const append = (file: string) => call('run_command', { command: `echo x >> ${file}` });
const lines = (file: string) => workspaceOf(system().dataDir, agent).lines(file);

async function asked(script: string | string[], tool = 'write_file') {
  const turn = await turns.start(agent, script);
  return { turn, pending: await turns.pending(turn.id, tool) };
}

describe('the identity of a pending call', () => {
  it('I1 is the same in GET, the snapshot, the inbox and the events, and the decision endpoint accepts it', async () => {
    const { turn, pending } = await asked(write('i1.txt'));
    const { callId, inputDigest } = pending;
    const reader = await turns.stream(turn.id);
    const { json } = await reader.until('the snapshot', (frame) => frame.event === 'snapshot');
    reader.close();
    const inbox = await turns.http.get<{ items: Approval[] }>(`/v1/approvals?sessionId=${turn.sessionId}`);
    const session = await turns.http.get<{ turns: Turn[] }>(`/v1/sessions/${turn.sessionId}`);
    const requested = await turns.untilEvent(turn.id, 'approval.requested');

    expect(snapshotPending(json)).toMatchObject([
      { callId, inputDigest, kind: 'approval', tool: 'write_file' },
    ]);
    expect(inbox.body.items).toMatchObject([
      { callId, inputDigest, status: 'pending', turnId: turn.id, agent },
    ]);
    expect(session.body.turns[0]?.pending).toMatchObject([{ callId, inputDigest }]);
    expect(requested).toMatchObject({ callId, inputDigest });
    expect((await turns.decide(turn.id, callId, { action: 'allow' })).status).toBe(200);
    await turns.end(turn.id);
    const emptied = await turns.http.get<{ items: Approval[] }>(`/v1/approvals?sessionId=${turn.sessionId}`);
    expect(emptied.body.items).toEqual([]);
    const kept = await turns.http.get<{ items: Approval[] }>(
      `/v1/approvals?sessionId=${turn.sessionId}&status=allowed`,
    );
    expect(kept.body.items).toMatchObject([{ callId, status: 'allowed' }]);
  });

  it('I1 a client call that needs a decision first is pending under the same id for its result', async () => {
    const { turn, pending } = await asked('/call ask_phone {}', 'ask_phone');
    await turns.decide(turn.id, pending.callId, { action: 'allow' });
    const awaiting = await turns.pending(turn.id, 'ask_phone', 'result');
    expect(awaiting.callId).toBe(pending.callId);
    expect((await turns.result(turn.id, awaiting.callId, { content: 'done' })).status).toBe(200);
    expect((await turns.end(turn.id)).turn.output).toBe('ask_phone: done');
  });

  it.each([
    ['I2 an empty', ''],
    ['I2 an unknown', 'nope'],
    ["I3 another tool's", 'run_command'],
  ])('%s tool name is refused and changes nothing', async (_, toolName) => {
    const { turn, pending } = await asked(write('i2.txt'));
    for (const action of ['allow', 'always'] as const) {
      const answer = await turns.decide(turn.id, pending.callId, { action, toolName });
      expect(toolName === '' ? [400, 409] : [409]).toContain(answer.status);
      problemOf(answer);
    }
    expect((await turns.get(turn.id)).pending).toEqual([pending]);
    const types = (await turns.events(turn.id)).map((event) => event.type);
    expect(types).not.toContain('tool_call.started');
    expect(types).not.toContain('approval.resolved');
    const grants = await turns.http.get<{ items: unknown[] }>(`/v1/sessions/${turn.sessionId}/grants`);
    expect(grants.body.items).toEqual([]);
    await turns.decide(turn.id, pending.callId, { action: 'deny' });
  });

  it('I3 two calls of one step are not mixed up by naming the other tool', async () => {
    const { turn, pending } = await asked([write('i3.txt'), append('i3.log')]);
    const answer = await turns.decide(turn.id, pending.callId, { action: 'allow', toolName: 'run_command' });
    expect(answer.status).toBe(409);
    expect(problemOf(answer).code).toBe('tool_mismatch');
    expect((await turns.get(turn.id)).pending).toHaveLength(2);
    await turns.http.post(`/v1/turns/${turn.id}/cancel`, {});
    await turns.end(turn.id);
    expect(await lines('i3.log')).toEqual([]);
  });

  it('I11 a call id of another turn, another session or nobody is 404 and resumes nothing', async () => {
    const one = await asked(write('i11-a.txt'));
    const other = await asked(write('i11-b.txt'));
    for (const callId of [other.pending.callId, 'nobody', 'tool_call_1']) {
      const decision = await turns.decide(one.turn.id, callId, { action: 'allow' });
      expect(decision.status).toBe(404);
      expect(problemOf(decision).code).toBe('call_not_found');
      expect((await turns.result(one.turn.id, callId, { content: 'x' })).status).toBe(404);
    }
    const missing = await turns.decide('no-such-turn', one.pending.callId, { action: 'allow' });
    expect(missing.status).toBe(404);
    expect((await turns.get(one.turn.id)).status).toBe('waiting');
    expect((await turns.get(other.turn.id)).status).toBe('waiting');
    await turns.decide(one.turn.id, one.pending.callId, { action: 'deny' });
    await turns.decide(other.turn.id, other.pending.callId, { action: 'deny' });
  });

  it('I11 the stale id of an earlier pause decides nothing about the present one', async () => {
    const first = await asked([append('i11.log'), '/next', append('i11.log')], 'run_command');
    await turns.decide(first.turn.id, first.pending.callId, { action: 'deny' });
    const second = await turns.until(
      first.turn.id,
      'the second call is pending',
      (turn) => turn.pending[0] !== undefined && turn.pending[0].callId !== first.pending.callId,
    );
    const stale = await turns.decide(first.turn.id, first.pending.callId, { action: 'allow' });
    expect(stale.status).toBe(409);
    expect(problemOf(stale).approval).toMatchObject({ callId: first.pending.callId, status: 'denied' });
    expect((await turns.get(first.turn.id)).pending).toEqual(second.pending);
    await turns.decide(first.turn.id, second.pending[0]?.callId ?? '', { action: 'deny' });
    await turns.end(first.turn.id);
    expect(await lines('i11.log')).toEqual([]);
  });

  it('I12 one of 50 concurrent decisions wins, and every loser sees the winner', async () => {
    const { turn, pending } = await asked(append('i12.log'), 'run_command');
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const action = index % 2 === 0 ? ('allow' as const) : ('deny' as const);
        return { action, answer: await turns.decide(turn.id, pending.callId, { action }) };
      }),
    );
    const ended = await turns.end(turn.id);
    const winner = ended.of('approval.resolved');
    expect(winner).toHaveLength(1);
    for (const { action, answer } of answers) {
      const expected = action === winner[0]?.action ? 200 : 409;
      expect(answer.status).toBe(expected);
      const record = expected === 200 ? answer.body : (answer.body as unknown as Problem).approval;
      expect(record).toMatchObject({ action: winner[0]?.action, decisionId: winner[0]?.decisionId });
    }
    expect(await lines('i12.log')).toHaveLength(winner[0]?.action === 'allow' ? 1 : 0);
  });

  it('I12 a decision again, during the turn and after its end, answers the same record', async () => {
    const { turn, pending } = await asked([append('i12b.log'), '/next', write('i12b.txt')], 'run_command');
    const first = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    const hold = await turns.pending(turn.id, 'write_file');
    const during = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    await turns.decide(turn.id, hold.callId, { action: 'deny' });
    await turns.end(turn.id);
    const after = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    const other = await turns.decide(turn.id, pending.callId, { action: 'deny' });

    expect([first.status, during.status, after.status, other.status]).toEqual([200, 200, 200, 409]);
    expect(during.body).toEqual(first.body);
    expect(after.body).toEqual(first.body);
    expect(problemOf(other)).toMatchObject({ code: 'already_decided', approval: first.body });
    expect(await lines('i12b.log')).toHaveLength(1);
  });

  it('I17 every id in a pending call belongs to its own session and to no other', async () => {
    const one = await asked(write('i17-a.txt'));
    const other = await asked(write('i17-b.txt'));
    const approve = (sessionId: string, callId: string) =>
      turns.http.post(`/v1/sessions/${sessionId}/approve`, { call_id: callId, action: 'deny' });
    expect((await approve(other.turn.sessionId, one.pending.callId)).status).toBe(404);
    expect((await approve('no-such-session', one.pending.callId)).status).toBe(404);
    expect((await turns.get(one.turn.id)).status).toBe('waiting');
    expect((await approve(one.turn.sessionId, one.pending.callId)).status).toBe(200);
    expect((await turns.end(one.turn.id)).turn.status).toBe('completed');
    expect((await turns.get(other.turn.id)).status).toBe('waiting');
    await turns.decide(other.turn.id, other.pending.callId, { action: 'deny' });
  });

  it('call ids are unique across turns and sessions', async () => {
    const many = await Promise.all(Array.from({ length: 5 }, (_, index) => asked(write(`u${index}.txt`))));
    expect(new Set(many.map(({ pending }) => pending.callId)).size).toBe(5);
    await Promise.all(many.map(({ turn }) => turns.http.post(`/v1/turns/${turn.id}/cancel`, {})));
  });
});

function snapshotPending(json: StreamData): unknown {
  return json.type === 'snapshot' ? json.pending : undefined;
}

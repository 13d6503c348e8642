import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Approval } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { openSse } from '../support/sse-reader.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let hasty: string;
let patient: string;

beforeAll(async () => {
  turns = createTurns(system());
  const clientTools = [{ name: 'phone', description: 'x', inputSchema: { type: 'object' } }];
  const policy = { rules: [{ tool: 'phone', gate: 'allow' as const }] };
  hasty = await turns.agent({ approval: { expiresAfter: '1s' }, clientTools, policy });
  patient = await turns.agent({});
});

const write = (path: string) => call('write_file', { path, content: 'x' });

describe('expiry', () => {
  it('denies by a timer, tells the model "expired", and a late decision gets 409 with the record', async () => {
    const turn = await turns.start(hasty, [write('late.txt'), '/call phone {}']);
    const requested = await turns.untilEvent(turn.id, 'approval.requested');
    const lifeMs = Date.parse(requested.expiresAt) - Date.parse(requested.at);
    expect(lifeMs).toBe(1_000);

    const resolved = await turns.untilEvent(
      turn.id,
      'approval.resolved',
      (e) => e.callId === requested.callId,
    );
    expect(resolved).toMatchObject({ action: 'expired', via: 'timer' });
    expect(Date.parse(resolved.at)).toBeGreaterThanOrEqual(Date.parse(requested.expiresAt));
    expect(Date.parse(resolved.at) - Date.parse(requested.expiresAt)).toBeLessThan(3_000);

    // The phone still holds the turn open: late while running …
    const during = await turns.decide(turn.id, requested.callId, { action: 'allow' });
    await turns.result(turn.id, (await turns.pending(turn.id, 'phone', 'result')).callId, { content: 'ok' });
    const ended = await turns.end(turn.id);
    // … and late after the end.
    const after = await turns.decide(turn.id, requested.callId, { action: 'allow' });
    for (const answer of [during, after]) {
      expect(answer.status).toBe(409);
      expect(problemOf(answer)).toMatchObject({
        code: 'already_decided',
        approval: { callId: requested.callId, status: 'expired', action: 'expired' },
      });
    }
    expect(ended.of('tool_call.failed')).toMatchObject([
      { callId: requested.callId, error: { code: 'expired' } },
    ]);
    expect(ended.of('tool_call.started')).toEqual([]);
    expect(ended.turn.output).toMatch(/^write_file: .*expired.*\nphone: ok$/is);
  });

  it('does not strike a call that was decided in time', async () => {
    const turn = await turns.start(hasty, [write('in-time.txt'), '/call phone {}']);
    const pending = await turns.pending(turn.id, 'write_file');
    expect((await turns.decide(turn.id, pending.callId, { action: 'allow' })).status).toBe(200);
    const other = await turns.start(hasty, write('clock.txt'));
    await turns.untilEvent(other.id, 'approval.resolved', (event) => event.action === 'expired');
    await turns.result(turn.id, (await turns.pending(turn.id, 'phone', 'result')).callId, { content: 'ok' });
    const ended = await turns.end(turn.id);
    const ofWrite = ended.of('approval.resolved').filter((event) => event.callId === pending.callId);
    expect(ofWrite).toMatchObject([{ action: 'allow' }]);
  });

  it('goes on with the next step, which may ask again', async () => {
    const turn = await turns.start(hasty, [
      write('one.txt'),
      '/next',
      write('two.txt'),
      '/next',
      '/say done',
    ]);
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'done' });
    expect(ended.of('approval.resolved').map((event) => event.action)).toEqual(['expired', 'expired']);
  });

  it('is the default 24 h where the definition says nothing', async () => {
    const turn = await turns.start(patient, write('day.txt'));
    const pending = await turns.pending(turn.id, 'write_file');
    const requested = await turns.untilEvent(turn.id, 'approval.requested');
    expect(Date.parse(requested.expiresAt) - Date.parse(requested.at)).toBe(86_400_000);
    expect(pending.expiresAt).toBe(requested.expiresAt);
    await turns.decide(turn.id, pending.callId, { action: 'deny' });
  });

  it('comes with the end of a turn: a cancelled turn leaves nothing pending behind', async () => {
    const turn = await turns.start(patient, [write('c1.txt'), write('c2.txt')]);
    const { pending } = await turns.until(turn.id, 'two are pending', (each) => each.pending.length === 2);
    await turns.http.post(`/v1/turns/${turn.id}/cancel`, { reason: 'changed my mind' });
    const ended = await turns.end(turn.id);
    expect(ended.turn.status).toBe('cancelled');
    const inbox = await turns.http.get<{ items: Approval[] }>(`/v1/approvals?sessionId=${turn.sessionId}`);
    expect(inbox.body.items).toEqual([]);
    for (const { callId } of pending) {
      const late = await turns.decide(turn.id, callId, { action: 'allow' });
      expect(late.status).toBe(409);
      expect(problemOf(late).approval).toMatchObject({ callId, status: 'expired' });
    }
  });
});

describe('the inbox', () => {
  it('lists what is pending across sessions, oldest first, with filters and pages', async () => {
    const own = await turns.agent({});
    const first = await turns.start(own, write('i1'));
    await turns.pending(first.id, 'write_file');
    const second = await turns.start(own, call('run_command', { command: 'true' }));
    await turns.pending(second.id, 'run_command');
    const list = async (query: string) =>
      (await turns.http.get<{ items: Approval[]; nextCursor?: string }>(`/v1/approvals?agent=${own}${query}`))
        .body;

    expect((await list('')).items.map((each) => each.turnId)).toEqual([first.id, second.id]);
    expect((await list('&tool=run_command')).items.map((each) => each.turnId)).toEqual([second.id]);
    expect((await list(`&sessionId=${first.sessionId}`)).items.map((each) => each.turnId)).toEqual([
      first.id,
    ]);
    expect((await list('&status=denied')).items).toEqual([]);
    const page = await list('&limit=1');
    expect(page.items.map((each) => each.turnId)).toEqual([first.id]);
    const rest = await list(`&limit=1&cursor=${encodeURIComponent(page.nextCursor ?? '')}`);
    expect(rest.items.map((each) => each.turnId)).toEqual([second.id]);
    expect(rest.nextCursor).toBeUndefined();
    for (const turn of [first, second]) await turns.http.post(`/v1/turns/${turn.id}/cancel`, {});
  });

  it('is a stream too: a new request and its decision arrive by themselves', async () => {
    const reader = await openSse(new URL('/v1/approvals', turns.http.baseUrl), { token: turns.http.token });
    expect(reader.status).toBe(200);
    expect(reader.headers['content-type']).toContain('text/event-stream');
    const turn = await turns.start(patient, write('streamed'));
    const { callId } = await turns.pending(turn.id, 'write_file');
    await reader.until('the request', (frame) => frame.data.includes(callId));
    await turns.decide(turn.id, callId, { action: 'deny', message: 'seen' });
    await reader.until('the decision', (frame) => frame.data.includes(callId) && frame.data.includes('deni'));
    reader.close();
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf } from '../support/http-client.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns, unique } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;
const phone = (name: string) => ({ name, description: 'Asks the phone.', inputSchema: { type: 'object' } });

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({ clientTools: [phone('phone')] });
});

/** Drives one call of a client tool to its result, however much of it the decision brings along. */
async function drive(
  turnId: string,
  action: 'allow' | 'always',
  content: string | undefined,
): Promise<string> {
  const pending = await turns.pending(turnId, 'phone');
  const answer = await turns.decide(turnId, pending.callId, {
    action,
    ...(content === undefined ? {} : { content }),
  });
  expect(answer.status).toBe(200);
  if (content === undefined) await submit(turnId);
  return pending.callId;
}

async function submit(turnId: string, content = 'from the phone'): Promise<void> {
  const awaiting = await turns.pending(turnId, 'phone', 'result');
  expect((await turns.result(turnId, awaiting.callId, { content })).status).toBe(200);
}

const combinations = (['allow', 'always'] as const).flatMap((action) =>
  ([undefined, 'said with the decision'] as const).flatMap((content) =>
    (['first', 'later'] as const).map((place) => ({ action, content, place })),
  ),
);

describe('a client tool', () => {
  it.each(combinations)('I4 I9 is never executed by the server: %j', async ({ action, content, place }) => {
    const script =
      place === 'first' ? ['/call phone {"n":1}'] : ['/call phone {"n":1}', '/next', '/call phone {"n":2}'];
    const turn = await turns.start(agent, script);

    const first = await drive(turn.id, action, content);
    if (place === 'later' && action === 'always') await submit(turn.id);
    if (place === 'later' && action === 'allow') await drive(turn.id, action, content);

    const ended = await turns.end(turn.id);
    expect(ended.turn.status).toBe('completed');
    expect(ended.of('tool_call.started')).toEqual([]);
    expect(ended.of('tool_call.failed')).toEqual([]);
    expect(ended.of('tool_call.completed')).toHaveLength(place === 'first' ? 1 : 2);
    expect(ended.of('tool_call.requested').map((event) => event.locus)).not.toContain('server');
    expect(
      ended
        .of('tool_call.awaiting_result')
        .map((event) => event.callId)
        .includes(first),
    ).toBe(content === undefined);
    if (place === 'later' && action === 'always') {
      expect(ended.of('approval.requested')).toHaveLength(1);
      expect(ended.of('approval.resolved')[1]).toMatchObject({
        action: 'granted',
        grantId: expect.any(String),
      });
      expect(ended.of('tool_call.awaiting_result').at(-1)?.callId).not.toBe(first);
    }
  });

  it('I4 a client tool named like a server tool that the agent lacks is not executed by the server', async () => {
    const other = await turns.agent({ tools: [], policy: { default: 'allow' } });
    const body = {
      agent: other,
      input: call('write_file', { path: 'i4.txt', content: 'x' }),
      clientTools: [phone('write_file')],
    };
    const answer = await turns.http.post<{ id: string }>('/v1/turns', body);
    if (answer.status === 202) {
      const awaiting = await turns.pending(answer.body.id, 'write_file', 'result');
      await turns.result(answer.body.id, awaiting.callId, { content: 'by the client' });
      await turns.end(answer.body.id);
    } else {
      problemOf(answer);
    }
    expect(await workspaceOf(system().dataDir, other).text('i4.txt')).toBeUndefined();
  });

  it('I4 a client tool cannot take the name of a tool that the agent has', async () => {
    const other = await turns.agent({ tools: ['read_file'] });
    const answer = await turns.http.post('/v1/turns', {
      agent: other,
      input: 'hi',
      clientTools: [phone('read_file')],
    });
    expect([400, 422]).toContain(answer.status);
    problemOf(answer);
  });

  it.each([
    ['nothing', ''],
    ['6,000 characters', 'x'.repeat(6_000)],
    ['6,001 characters', 'x'.repeat(6_001)],
    ['6,000 characters of two code units', '🦊'.repeat(6_000)],
    ['6,001 characters of two code units', '🦊'.repeat(6_001)],
    ['a cut in front of a combined character', `${'é'.repeat(5_999)}👩‍👩‍👧‍👦`],
  ])(
    'I5 I14 content with allow is the result, verbatim and once, cut once for the model: %s',
    async (_, content) => {
      const turn = await turns.start(agent, '/call phone {}');
      const pending = await turns.pending(turn.id, 'phone');
      expect((await turns.decide(turn.id, pending.callId, { action: 'allow', content })).status).toBe(200);

      const ended = await turns.end(turn.id);
      const [completed] = ended.of('tool_call.completed');
      const length = [...content].length;
      if (length <= 6_000) {
        expect(completed?.output).toBe(content);
        expect(completed?.truncated).toBeUndefined();
      } else {
        const shown = [...content].slice(0, 6_000).join('');
        expect(completed?.output).toBe(`${shown}\n[truncated: 6000 of ${length} characters]`);
        expect(completed?.truncated).toEqual({ shownCharacters: 6_000, ofCharacters: length });
      }
      expect(ended.turn.output).toBe(`phone: ${completed?.output}`);
    },
  );

  it('I5 content with allow is the result of a server tool too, which then is not executed', async () => {
    const turn = await turns.start(agent, call('run_command', { command: 'echo x >> i5.log' }));
    const pending = await turns.pending(turn.id, 'run_command');
    const answer = await turns.decide(turn.id, pending.callId, { action: 'allow', content: 'ran it myself' });
    expect(answer.status).toBe(200);
    const ended = await turns.end(turn.id);
    expect(ended.turn.output).toBe('run_command: ran it myself');
    expect(ended.of('tool_call.started')).toEqual([]);
    expect(await workspaceOf(system().dataDir, agent).lines('i5.log')).toEqual([]);
  });

  it('a result before the decision is 409 awaiting_decision and changes nothing', async () => {
    const turn = await turns.start(agent, '/call phone {}');
    const pending = await turns.pending(turn.id, 'phone');
    const early = await turns.result(turn.id, pending.callId, { content: 'too soon' });
    expect(early.status).toBe(409);
    expect(problemOf(early).code).toBe('awaiting_decision');
    expect((await turns.get(turn.id)).pending).toEqual([pending]);
    await turns.decide(turn.id, pending.callId, { action: 'deny', message: 'no phones' });
    const ended = await turns.end(turn.id);
    expect(ended.of('tool_call.awaiting_result')).toEqual([]);
    const late = await turns.result(turn.id, pending.callId, { content: 'too late' });
    expect(late.status).toBe(409);
  });

  it('the same result again is 200, another is 409, also after the end', async () => {
    const turn = await turns.start(agent, ['/call phone {}', '/next', '/call phone {}']);
    const callId = await drive(turn.id, 'allow', undefined);
    const repeat = () => turns.result(turn.id, callId, { content: 'from the phone' });
    const differ = () => turns.result(turn.id, callId, { content: 'something else' });
    expect([(await repeat()).status, (await differ()).status]).toEqual([200, 409]);
    await drive(turn.id, 'allow', 'x');
    const ended = await turns.end(turn.id);
    expect([(await repeat()).status, (await differ()).status]).toEqual([200, 409]);
    expect(ended.of('tool_call.completed').map((event) => event.output)).toEqual(['from the phone', 'x']);
  });

  it('a result marked as an error is a failed call, and the model reads it', async () => {
    const turn = await turns.start(agent, '/call phone {}');
    const pending = await turns.pending(turn.id, 'phone');
    await turns.decide(turn.id, pending.callId, { action: 'allow' });
    await turns.pending(turn.id, 'phone', 'result');
    await turns.result(turn.id, pending.callId, { content: 'no signal', isError: true });
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: expect.stringContaining('no signal') });
    expect(ended.of('tool_call.failed')).toHaveLength(1);
    expect(ended.of('tool_call.completed')).toEqual([]);
  });

  it('a result for a server tool is refused', async () => {
    const turn = await turns.start(agent, call('write_file', { path: 'srv.txt', content: 'x' }));
    const pending = await turns.pending(turn.id, 'write_file');
    const answer = await turns.result(turn.id, pending.callId, { content: 'forged' });
    expect(answer.status).toBe(409);
    expect((await turns.get(turn.id)).pending).toEqual([pending]);
    await turns.decide(turn.id, pending.callId, { action: 'deny' });
  });

  it("is submitted through the session's tool_result as well", async () => {
    const free = await turns.agent({ clientTools: [phone('phone')], policy: { default: 'allow' } });
    const turn = await turns.start(free, '/call phone {}', { sessionId: unique('s') });
    const awaiting = await turns.pending(turn.id, 'phone', 'result');
    const path = `/v1/sessions/${turn.sessionId}/tool_result`;
    expect((await turns.http.post(path, { content: 'x' })).status).toBe(400);
    expect((await turns.http.post(path, { call_id: 'nobody', content: 'x' })).status).toBe(404);
    expect((await turns.http.post(path, { call_id: awaiting.callId, content: 'via session' })).status).toBe(
      200,
    );
    expect((await turns.end(turn.id)).turn.output).toBe('phone: via session');
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Grant, GrantRequest, Turn } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { poll } from '../support/poll.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns, unique } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  const tool = (name: string) => ({ name, description: name, inputSchema: { type: 'object' } });
  agent = await turns.agent({ clientTools: ['a', 'ab', 'abc', 'b', 'AB'].map(tool) });
});

const write = (path: string, content = 'x') => call('write_file', { path, content });
const grantsOf = async (sessionId: string) =>
  (await turns.http.get<{ items: Grant[] }>(`/v1/sessions/${sessionId}/grants`)).body.items;

/** Starts a turn whose first call of the tool is decided `always` with the grant. */
async function always(script: string[], grant?: GrantRequest, tool = 'write_file', sessionId = unique('s')) {
  const turn = await turns.start(agent, script, { sessionId });
  const pending = await turns.pending(turn.id, tool);
  const answer = await turns.decide(turn.id, pending.callId, {
    action: 'always',
    ...(grant === undefined ? {} : { grant }),
  });
  expect(answer.status).toBe(200);
  return { turn, pending, record: answer.body };
}

/** Ends a turn by denying whatever it asks, and says which inputs were asked for. */
async function askedFor(turn: Turn): Promise<unknown[]> {
  const asked: unknown[] = [];
  await poll(
    async () => {
      const seen = await turns.get(turn.id);
      for (const pending of seen.pending) {
        const answer = await turns.decide(turn.id, pending.callId, { action: 'deny' });
        if (answer.status === 200) asked.push(pending.input);
      }
      return seen.endedAt;
    },
    { what: 'the turn has ended', explain: system().tails },
  );
  return asked;
}

describe('always', () => {
  it('I7 is honoured by the loop: three calls pause once, and two name the grant', async () => {
    const { turn, record } = await always([write('1'), '/next', write('2'), '/next', write('3')]);
    const ended = await turns.end(turn.id);
    expect(record).toMatchObject({ status: 'allowed', action: 'always', grantId: expect.any(String) });
    expect(ended.of('approval.requested')).toHaveLength(1);
    expect(ended.of('approval.resolved').map(({ action, grantId }) => ({ action, grantId }))).toEqual([
      { action: 'always', grantId: record.grantId },
      { action: 'granted', grantId: record.grantId },
      { action: 'granted', grantId: record.grantId },
    ]);
    expect(await workspaceOf(system().dataDir, agent).text('3')).toBe('x');
    expect(await grantsOf(turn.sessionId)).toMatchObject([
      { id: record.grantId, tool: 'write_file', scope: 'session', grantedBy: record.by, turnId: turn.id },
    ]);
  });

  it('I8 covers exactly its tool: ab covers neither a, b, abc nor AB', async () => {
    const { turn } = await always(['/call ab {}'], undefined, 'ab');
    await turns.result(turn.id, (await turns.pending(turn.id, 'ab', 'result')).callId, { content: 'x' });
    await turns.end(turn.id);
    const next = await turns.start(
      agent,
      ['a', 'b', 'abc', 'AB', 'ab'].map((name) => `/call ${name} {}`),
      { sessionId: turn.sessionId },
    );
    const seen = await turns.until(next.id, 'all five are pending', (each) => each.pending.length === 5);
    expect(seen.pending.map(({ tool, kind }) => `${tool} ${kind}`).toSorted()).toEqual(
      ['AB approval', 'a approval', 'ab result', 'abc approval', 'b approval'].toSorted(),
    );
    await turns.http.post(`/v1/turns/${next.id}/cancel`, {});
  });

  it('re-evaluates everything that is pending', async () => {
    const { turn, record } = await always([write('p1'), write('p2'), write('p3'), '/call a {}']);
    await turns.until(turn.id, 'only the other tool is pending', (each) => each.pending.length === 1);
    const events = await turns.events(turn.id);
    const resolved = events.filter((event) => event.type === 'approval.resolved');
    expect(resolved.map((event) => event.grantId)).toEqual([record.grantId, record.grantId, record.grantId]);
    expect(await askedFor(turn)).toEqual([{}]);
  });

  it('holds in later turns of its session, and in no other session', async () => {
    const { turn } = await always([write('s1')]);
    await turns.end(turn.id);
    const same = await turns.start(agent, write('s2'), { sessionId: turn.sessionId });
    expect((await turns.end(same.id)).of('approval.requested')).toEqual([]);
    const other = await turns.start(agent, write('s3'), { sessionId: unique('s') });
    expect(await askedFor(other)).toHaveLength(1);
  });

  it('a grant of scope turn ends with its turn', async () => {
    const { turn } = await always([write('t1'), '/next', write('t2')], { scope: 'turn' });
    expect((await turns.end(turn.id)).of('approval.requested')).toHaveLength(1);
    const next = await turns.start(agent, write('t3'), { sessionId: turn.sessionId });
    expect(await askedFor(next)).toHaveLength(1);
    expect(await grantsOf(turn.sessionId)).toMatchObject([{ scope: 'turn', turnId: turn.id }]);
  });

  it('matcher exact covers the same arguments in any order of keys, and no others', async () => {
    const { turn, pending } = await always(
      [
        '/call write_file {"path":"e","content":"x"}',
        '/next',
        '/call write_file {"content":"x","path":"e"}',
        '/next',
        write('e', 'y'),
      ],
      { scope: 'session', matcher: { kind: 'exact' } },
    );
    expect(await askedFor(turn)).toEqual([{ path: 'e', content: 'y' }]);
    expect(await grantsOf(turn.sessionId)).toMatchObject([
      { matcher: { kind: 'exact', inputDigest: pending.inputDigest } },
    ]);
  });

  it('matcher glob covers what every glob matches; a star stays within its folder', async () => {
    const { turn } = await always(
      [
        write('g/1.txt'),
        '/next',
        write('g/2.txt'),
        write('g/deep/3.txt'),
        write('g/4.md'),
        write('h/g/5.txt'),
      ],
      { scope: 'session', matcher: { kind: 'glob', args: { path: 'g/*.txt' } } },
    );
    expect((await askedFor(turn)).map((input) => (input as { path: string }).path).toSorted()).toEqual([
      'g/4.md',
      'g/deep/3.txt',
      'h/g/5.txt',
    ]);
  });

  it('a glob is not fooled by dots, line ends or a missing argument', async () => {
    const { turn } = await always(
      [
        call('run_command', { command: 'ls a' }),
        '/next',
        call('run_command', { command: 'ls a\nrm -rf b' }),
        call('run_command', { command: 'xls a' }),
        call('run_command', { command: 'ls b' }),
      ],
      { scope: 'session', matcher: { kind: 'glob', args: { command: 'ls a' } } },
      'run_command',
    );
    expect(await askedFor(turn)).toHaveLength(3);
  });

  it('an empty glob matcher is not an absent one: it covers only calls without arguments', async () => {
    const { turn } = await always(
      ['/call a {}', '/next', '/call a {}', '/call a {"x":1}'],
      { scope: 'session', matcher: { kind: 'glob', args: {} } },
      'a',
    );
    const first = await turns.pending(turn.id, 'a', 'result');
    await turns.result(turn.id, first.callId, { content: 'x' });
    const seen = await turns.until(turn.id, 'two calls are pending', (each) => each.pending.length === 2);
    expect(seen.pending.map(({ kind, input }) => ({ kind, input }))).toEqual(
      expect.arrayContaining([
        { kind: 'result', input: {} },
        { kind: 'approval', input: { x: 1 } },
      ]),
    );
    await turns.http.post(`/v1/turns/${turn.id}/cancel`, {});
  });

  it('maxUses counts calls, and asks again when they are used up', async () => {
    const script = [1, 2, 3, 4].flatMap((n) => [write(`m${n}`), '/next']).slice(0, -1);
    const { turn } = await always(script, { scope: 'session', maxUses: 2 });
    const asked = await askedFor(turn);
    // Whether the call decided on counts as a use is left open by the words; more than two others never pass.
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(asked.length).toBeLessThanOrEqual(2);
    const granted = (await turns.events(turn.id)).filter(
      (event) => event.type === 'approval.resolved' && event.action === 'granted',
    );
    expect(granted.length).toBe(3 - asked.length);
  });

  it('maxUses is not passed by parallel calls of one step', async () => {
    const { turn } = await always([write('q0'), '/next', ...[1, 2, 3, 4, 5].map((n) => write(`q${n}`))], {
      scope: 'session',
      maxUses: 2,
    });
    expect((await askedFor(turn)).length).toBeGreaterThanOrEqual(3);
  });

  it('a grant expires', async () => {
    const expiresAt = new Date(Date.now() + 2_500).toISOString();
    const { turn } = await always([write('x1'), '/next', write('x2'), '/next', '/sleep 3000', write('x3')], {
      scope: 'session',
      expiresAt,
    });
    await turns.until(
      turn.id,
      'it asks again',
      (each) => each.pending.length === 1 || each.endedAt !== undefined,
    );
    expect(await askedFor(turn)).toHaveLength(1);
    const later = await turns.start(agent, write('x4'), { sessionId: turn.sessionId });
    expect(await askedFor(later)).toHaveLength(1);
  });

  it('revoking holds for the running turn too, and is idempotent', async () => {
    const { turn, record } = await always([write('r1'), '/next', '/call a {}', '/next', write('r2')]);
    const hold = await turns.pending(turn.id, 'a');
    const path = `/v1/sessions/${turn.sessionId}/grants/${record.grantId}`;
    expect([200, 204]).toContain((await turns.http.delete(path)).status);
    expect((await turns.http.delete(path)).status).toBeLessThan(500);
    await turns.decide(turn.id, hold.callId, { action: 'deny' });
    expect(await askedFor(turn)).toEqual([{ path: 'r2', content: 'x' }]);
    expect((await turns.http.delete(`/v1/sessions/${turn.sessionId}/grants/nobody`)).status).toBe(404);
  });

  it('an edited input is decided, and the grant remembers what was decided', async () => {
    const turn = await turns.start(agent, [
      write('as-asked'),
      '/next',
      write('as-edited'),
      '/next',
      write('as-asked'),
    ]);
    const pending = await turns.pending(turn.id, 'write_file');
    const answer = await turns.decide(turn.id, pending.callId, {
      action: 'always',
      input: { path: 'as-edited', content: 'x' },
      grant: { scope: 'session', matcher: { kind: 'exact' } },
    });
    expect(answer.status).toBe(200);
    // The words bind `exact` to "the arguments of the call decided on"; only one of the two may pass by itself.
    expect(await askedFor(turn)).toHaveLength(1);
  });

  it('a deny rule wins over a grant', async () => {
    const careful = await turns.agent({
      policy: {
        rules: [{ tool: 'write_file', args: { path: 'no/**' }, gate: 'deny', reason: 'never there' }],
      },
    });
    const turn = await turns.start(careful, [write('yes'), '/next', write('no/1')]);
    const pending = await turns.pending(turn.id, 'write_file');
    await turns.decide(turn.id, pending.callId, { action: 'always' });
    const ended = await turns.end(turn.id);
    expect(ended.of('tool_call.failed')).toMatchObject([{ error: { code: 'denied_by_policy' } }]);
    expect(await workspaceOf(system().dataDir, careful).text('no/1')).toBeUndefined();
  });

  it.each([
    ['scope', { scope: 'world' }],
    ['maxUses', { maxUses: 0 }],
    ['an instant', { expiresAt: 'tomorrow' }],
    ['a matcher', { matcher: { kind: 'regex' } }],
    ['a field', { forever: true }],
  ])('a grant with a wrong %s is 400 and changes nothing', async (_, grant) => {
    const turn = await turns.start(agent, write('bad'));
    const pending = await turns.pending(turn.id, 'write_file');
    const answer = await turns.decide(turn.id, pending.callId, { action: 'always', grant: grant as never });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).errors?.length).toBeGreaterThan(0);
    expect(await askedFor(turn)).toHaveLength(1);
    expect(await grantsOf(turn.sessionId)).toEqual([]);
  });
});

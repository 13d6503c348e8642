import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Note, Turn } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { expectSoundEvents } from '../support/story.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns, unique } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({ policy: { default: 'allow' } });
});

describe('a turn of the rehearsal model', () => {
  it('answers 202 with the turn and its location, and ends with what was said', async () => {
    const answer = await turns.http.post<Turn>('/v1/turns', {
      agent,
      input: 'Hello, "world" 🌍',
      metadata: { a: 'b' },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toMatch(new RegExp(`/v1/turns/${answer.body.id}$`));
    expect(answer.body).toMatchObject({ agent, ordinal: 1, metadata: { a: 'b' }, pending: [] });
    expect(['queued', 'running']).toContain(answer.body.status);
    const ended = await turns.end(answer.body.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'You said: Hello, "world" 🌍' });
    expect(ended.events.map((event) => event.type)).toEqual([
      'turn.started',
      'step.started',
      'text.completed',
      'turn.completed',
    ]);
    expectSoundEvents(ended.events);
  });

  it('tells one line per result of all steps, in the order of the requests', async () => {
    const turn = await turns.start(agent, [
      call('write_file', { path: 'one.txt', content: '1' }),
      '/next',
      call('read_file', { path: 'one.txt' }),
      call('run_command', { command: 'echo two' }),
    ]);
    const ended = await turns.end(turn.id);
    expect(ended.turn.status).toBe('completed');
    const lines = ended.turn.output?.split('\n').filter((line) => /^\w+: /.test(line));
    expect(lines?.map((line) => line.split(':')[0])).toEqual(['write_file', 'read_file', 'run_command']);
    expect(ended.turn.output).toContain('two');
  });

  it('counts the usage that the script tells', async () => {
    const turn = await turns.start(agent, [
      '/usage 10 5',
      call('list_files', {}),
      '/next',
      '/usage 7 3',
      '/say ok',
    ]);
    const ended = await turns.end(turn.id);
    expect(ended.turn.usage).toEqual({ inputTokens: 17, outputTokens: 8 });
    expect(ended.of('turn.completed')[0]?.usage).toEqual({ inputTokens: 17, outputTokens: 8 });
  });

  it('goes on after the provider failed twice with 500, and after a 429', async () => {
    for (const failure of ['/fail 2 500', '/fail 1 429']) {
      const ended = await turns.end((await turns.start(agent, [failure, '/say recovered'])).id, 45_000);
      expect(ended.turn).toMatchObject({ status: 'completed', output: 'recovered' });
      expect(ended.of('text.completed')).toHaveLength(1);
    }
  }, 100_000);

  it.each([
    ['/frobnicate 1', 'script_unknown_command'],
    ['/say a\n/frobnicate', 'script_unknown_command'],
    [`${call('list_files', {})}\n/next\n/next\n/say x`, 'script_invalid'],
    ['/call list_files {not json', 'script_invalid'],
    ['/sleep soon', 'script_invalid'],
    ['/fail 1 400', 'model_bad_request'],
    ['/fail 1 401', 'model_unauthorized'],
  ])('%s ends the turn failed with code %s', async (script, code) => {
    const ended = await turns.end((await turns.start(agent, script)).id);
    expect(ended.turn).toMatchObject({ status: 'failed', error: { code } });
    expect(ended.of('turn.failed')).toMatchObject([{ error: ended.turn.error }]);
    expect(ended.turn.error?.message.length).toBeGreaterThan(10);
    expectSoundEvents(ended.events);
  });

  it('a tool that fails is told to the model, and the turn goes on', async () => {
    const turn = await turns.start(agent, [
      call('read_file', { path: 'missing.txt' }),
      '/next',
      '/say saw it',
    ]);
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'saw it' });
    const [failed] = ended.of('tool_call.failed');
    expect(failed?.error.code).toMatch(/^[a-z_]+$/);
    expect(failed?.error.message).toContain('missing.txt');
  });

  it('leaves a thread note, also when it fails', async () => {
    const sessionId = unique('s');
    const noteOf = async () => {
      const path = `Threads/${agent}/${sessionId}`;
      const list = await turns.http.get<{ items: Note[] }>(`/v1/notes?path=${encodeURIComponent(path)}`);
      return list.body.items;
    };
    await turns.end((await turns.start(agent, '/say fine', { sessionId })).id);
    expect(await noteOf()).toMatchObject([{ kind: 'thread', path: `Threads/${agent}/${sessionId}` }]);
    expect(JSON.stringify(await noteOf())).toContain('ok');
    await turns.end((await turns.start(agent, '/nonsense', { sessionId })).id);
    const [note] = await noteOf();
    expect(JSON.stringify([note?.tags, note?.metadata])).toContain('error');
  });
});

describe('the limits of a turn', () => {
  it('maxTokens ends it with a typed reason', async () => {
    const script = [
      '/usage 600 600',
      call('list_files', {}),
      '/next',
      '/usage 600 600',
      call('list_files', {}),
    ];
    const ended = await turns.end((await turns.start(agent, script, { limits: { maxTokens: 1_000 } })).id);
    expect(ended.turn.status).toBe('failed');
    expect(ended.turn.error?.code).toMatch(/token/);
    expect(ended.turn.usage.inputTokens).toBe(600);
  });

  it('exactly maxSteps steps are allowed', async () => {
    const script = [call('list_files', {}), '/next', call('list_files', {}), '/next', '/say third'];
    const ended = await turns.end((await turns.start(agent, script, { limits: { maxSteps: 3 } })).id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'third' });
  });

  it.each([
    ['the model thinks', '/sleep 30000'],
    ['a tool runs', call('run_command', { command: 'sleep 30' })],
  ])('the deadline ends it while %s', async (_, script) => {
    const startedMs = performance.now();
    const ended = await turns.end((await turns.start(agent, script, { limits: { deadline: '1s' } })).id);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(ended.turn.status).toBe('failed');
    expect(ended.turn.error?.code).toMatch(/deadline/);
  });

  it('the deadline ends it while an approval is pending, and the approval with it', async () => {
    const asking = await turns.agent({ policy: { default: 'ask' } });
    const turn = await turns.start(asking, call('list_files', {}), { limits: { deadline: '1s' } });
    const pending = await turns.pending(turn.id, 'list_files');
    const ended = await turns.end(turn.id);
    expect(ended.turn.error?.code).toMatch(/deadline/);
    const late = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    expect(late.status).toBe(409);
    expect(problemOf(late).approval?.status).toBe('expired');
  });

  it("a client cannot widen the agent's limits", async () => {
    const tight = await turns.agent({ policy: { default: 'allow' }, limits: { maxSteps: 2 } });
    const script = [1, 2, 3, 4].map(() => call('list_files', {})).join('\n/next\n');
    const answer = await turns.http.post<Turn>('/v1/turns', {
      agent: tight,
      input: script,
      limits: { maxSteps: 50 },
    });
    if (answer.status === 202) {
      const ended = await turns.end(answer.body.id);
      expect(ended.turn.status).toBe('failed');
      expect(ended.of('step.started')).toHaveLength(2);
    } else {
      expect(answer.status).toBe(422);
    }
  });
});

describe('cancel, stop and steer', () => {
  it('cancel abandons a running tool now', async () => {
    const turn = await turns.start(
      agent,
      call('run_command', { command: 'echo x >> c.log; sleep 30; echo y >> c.log' }),
    );
    const files = workspaceOf(system().dataDir, agent);
    await files.reached('c.log');
    const startedMs = performance.now();
    const answer = await turns.http.post(`/v1/turns/${turn.id}/cancel`, { reason: 'enough' });
    expect(answer.status).toBe(202);
    const ended = await turns.end(turn.id);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(ended.turn.status).toBe('cancelled');
    expect(ended.of('turn.cancelled')).toMatchObject([{ reason: 'enough' }]);
    expect(await files.lines('c.log')).toEqual(['x']);
  });

  it('cancel while the model thinks, twice, is one end', async () => {
    const turn = await turns.start(agent, '/sleep 30000');
    await turns.untilEvent(turn.id, 'step.started');
    const answers = await Promise.all(
      [1, 2, 3].map(() => turns.http.post(`/v1/turns/${turn.id}/cancel`, {})),
    );
    for (const answer of answers) expect([202, 409]).toContain(answer.status);
    const ended = await turns.end(turn.id, 10_000);
    expectSoundEvents(ended.events);
    const again = await turns.http.post(`/v1/turns/${turn.id}/cancel`, {});
    expect([202, 409]).toContain(again.status);
    expect((await turns.get(turn.id)).status).toBe('cancelled');
  });

  it('stop finishes this step and begins no other', async () => {
    const turn = await turns.start(agent, [
      call('run_command', { command: 'echo x >> stop.log; sleep 2; echo y >> stop.log' }),
      '/next',
      call('run_command', { command: 'echo z >> stop.log' }),
    ]);
    const files = workspaceOf(system().dataDir, agent);
    await files.reached('stop.log');
    expect((await turns.http.post(`/v1/turns/${turn.id}/stop`, {})).status).toBe(202);
    const ended = await turns.end(turn.id);
    expect(await files.lines('stop.log')).toEqual(['x', 'y']);
    expect(ended.of('step.started')).toHaveLength(1);
    expect(ended.of('tool_call.completed')).toHaveLength(1);
  });

  it('steer is taken up before the next step', async () => {
    const turn = await turns.start(agent, [
      call('run_command', { command: 'echo x >> steer.log; sleep 2' }),
      '/next',
      '/say unsteered',
    ]);
    await workspaceOf(system().dataDir, agent).reached('steer.log');
    const answer = await turns.http.post(`/v1/turns/${turn.id}/steer`, { message: '/say steered' });
    expect(answer.status).toBe(202);
    const ended = await turns.end(turn.id);
    expect(ended.of('turn.steered')).toMatchObject([{ message: '/say steered' }]);
    const types = ended.events.map((event) => event.type);
    expect(types.lastIndexOf('step.started')).toBeGreaterThan(types.indexOf('turn.steered'));
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'steered' });
  });

  it('a steer into the last step is not lost: the turn takes another step for it', async () => {
    const turn = await turns.start(agent, ['/sleep 2000', '/say first answer']);
    await turns.untilEvent(turn.id, 'step.started');
    await turns.http.post(`/v1/turns/${turn.id}/steer`, { message: '/say second answer' });
    const ended = await turns.end(turn.id);
    expect(ended.of('turn.steered')).toHaveLength(1);
    expect(ended.turn.output).toBe('second answer');
  });

  it.each(['cancel', 'stop', 'steer'])(
    '%s of an unknown turn is 404; of an ended one it changes nothing',
    async (verb) => {
      const body = verb === 'steer' ? { message: 'x' } : {};
      const unknown = await turns.http.post(`/v1/turns/nobody/${verb}`, body);
      expect(unknown.status).toBe(404);
      expect(problemOf(unknown).code).toBe('turn_not_found');
      const before = await turns.end((await turns.start(agent, '/say over')).id);
      const late = await turns.http.post(`/v1/turns/${before.turn.id}/${verb}`, body);
      expect([202, 409]).toContain(late.status);
      const after = await turns.end(before.turn.id);
      expect(after).toEqual({ ...before, of: expect.any(Function) });
    },
  );
});

it('a turn reaches notes as its token may, whoever steers it, and as its agent may', async () => {
  const allow = { default: 'allow' as const };
  const [owner, other] = [
    await turns.agent({ notes: {}, policy: allow }),
    await turns.agent({ notes: {}, policy: allow }),
  ];
  const word = unique('word').replaceAll('-', '');
  const path = `Notes/${owner}/secret`;
  const told = async (ended: Promise<{ turn: Turn }>) => (await ended).turn.output;
  const search = call('search_notes', { query: word });
  const written = await turns.start(owner, call('write_note', { path, content: word }));
  expect(await told(turns.end(written.id))).toContain(`Wrote note ${path} (revision 1)`);
  expect(await told(turns.end((await turns.start(owner, search)).id))).toContain(`${path} (`);
  const foreign = await turns.start(other, [search, '/next', call('write_note', { path, content: 'x' })]);
  const refused = (await turns.end(foreign.id)).turn.output;
  // Its own session's record holds the word, too: it was in the input.
  expect(refused).not.toContain(`${path} (`);
  expect(refused).toContain(`Notes/${other}/**`);

  const scoped = await turns.http.post<{ token: string }>('/v1/tokens', {
    name: word,
    scopes: ['turns:write'],
  });
  const turn = await createTurns(system(), turns.http.as(scoped.body.token)).start(owner, [
    '/sleep 1000',
    '/say x',
  ]);
  await turns.untilEvent(turn.id, 'step.started');
  await turns.http.post(`/v1/turns/${turn.id}/steer`, { message: search });
  const { of } = await turns.end(turn.id);
  expect(of('tool_call.failed')).toMatchObject([{ error: { code: 'scope_missing' } }]);
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Agent, JsonObject } from '../../src/contract/index.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

// I16 (state written by older versions resumes) is proved by the recorded histories in test/replay.
// I6 (exactly once over a crash) is proved by test/crash.

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({
    clientTools: [{ name: 'phone', description: 'x', inputSchema: { type: 'object' } }],
    policy: { rules: [{ tool: 'phone', gate: 'allow' }] },
  });
});

const permutations = [
  ['write_file', 'phone'],
  ['phone', 'write_file'],
] as const;

describe('parallel calls of one step', () => {
  it.each(permutations)('I18 are all visible and resolve in any order: %s, then %s', async (...order) => {
    const turn = await turns.start(agent, [
      call('write_file', { path: 'gated.txt', content: 'x' }),
      '/call phone {}',
      call('list_files', {}),
      '/next',
      '/sleep 1',
    ]);
    const ungated = await turns.untilEvent(turn.id, 'tool_call.completed');
    const waiting = await turns.until(turn.id, 'two are pending', (each) => each.pending.length === 2);
    expect(waiting.status).toBe('waiting');
    const requested = (await turns.events(turn.id)).filter((event) => event.type === 'tool_call.requested');
    expect(requested.map((event) => event.tool)).toEqual(['write_file', 'phone', 'list_files']);
    expect(ungated.callId).toBe(requested[2]?.callId);

    for (const tool of order) {
      if (tool === 'phone') {
        const { callId } = await turns.pending(turn.id, 'phone', 'result');
        expect((await turns.result(turn.id, callId, { content: 'rang' })).status).toBe(200);
      } else {
        const { callId } = await turns.pending(turn.id, 'write_file');
        expect((await turns.decide(turn.id, callId, { action: 'allow' })).status).toBe(200);
      }
      if (tool === order[0]) {
        await turns.until(turn.id, 'one is pending', (each) => each.pending.length === 1);
        const steps = (await turns.events(turn.id)).filter((event) => event.type === 'step.started');
        expect(steps).toHaveLength(1);
      }
    }
    const ended = await turns.end(turn.id);
    const lines = ended.turn.output?.split('\n').map((line) => line.split(':')[0]);
    expect(lines?.filter((name) => ['write_file', 'phone', 'list_files'].includes(name ?? ''))).toEqual([
      'write_file',
      'phone',
      'list_files',
    ]);
  });

  it('one denial does not touch its siblings', async () => {
    const turn = await turns.start(
      agent,
      [1, 2, 3].map((n) => call('write_file', { path: `sib-${n}.txt`, content: 'x' })),
    );
    const { pending } = await turns.until(turn.id, 'three are pending', (each) => each.pending.length === 3);
    const [first, second, third] = pending.map((each) => each.callId);
    const answers = await Promise.all([
      turns.decide(turn.id, third ?? '', { action: 'allow' }),
      turns.decide(turn.id, first ?? '', { action: 'allow' }),
      turns.decide(turn.id, second ?? '', { action: 'deny', message: 'not this one' }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const ended = await turns.end(turn.id);
    expect(ended.turn.output?.split('\n')[1]).toContain('not this one');
    const files = workspaceOf(system().dataDir, agent);
    expect(await files.text('sib-1.txt')).toBe('x');
    expect(await files.text('sib-2.txt')).toBeUndefined();
    expect(await files.text('sib-3.txt')).toBe('x');
  });

  it('30 calls pend at once and are all decided at once', async () => {
    const turn = await turns.start(
      agent,
      Array.from({ length: 30 }, (_, n) => call('run_command', { command: `echo x >> many-${n}.log` })),
    );
    const { pending } = await turns.until(
      turn.id,
      'thirty are pending',
      (each) => each.pending.length === 30,
    );
    const answers = await Promise.all(
      pending.map((each) => turns.decide(turn.id, each.callId, { action: 'allow' })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    const ended = await turns.end(turn.id, 60_000);
    expect(ended.turn.output?.split('\n').filter((line) => line.startsWith('run_command:'))).toHaveLength(30);
    const files = workspaceOf(system().dataDir, agent);
    for (let n = 0; n < 30; n += 1) expect(await files.lines(`many-${n}.log`)).toHaveLength(1);
  });
});

describe('what is pinned', () => {
  it('I13 a turn that waits goes on with the catalogue and the policy with which it began', async () => {
    const name = await turns.agent({ tools: ['write_file', 'list_files'] });
    const turn = await turns.start(name, [
      call('write_file', { path: 'pinned.txt', content: 'x' }),
      '/next',
      call('list_files', {}),
    ]);
    const pending = await turns.pending(turn.id, 'write_file');
    const changed = await turns.http.put<Agent>(`/v1/agents/${name}`, {
      model: 'rehearsal/script',
      tools: [],
      policy: { default: 'deny', rules: [] },
    });
    expect(changed.status).toBeLessThan(300);
    await turns.decide(turn.id, pending.callId, { action: 'allow' });
    const ended = await turns.end(turn.id);
    expect(ended.of('tool_call.completed')).toHaveLength(2);
    const [started] = ended.of('turn.started');
    const next = await turns.start(name, call('list_files', {}), { sessionId: turn.sessionId });
    const [after] = (await turns.end(next.id)).of('turn.started');
    expect(after?.digests.definition).not.toBe(started?.digests.definition);
    expect(after?.digests.catalogue).not.toBe(started?.digests.catalogue);
    expect((await turns.events(next.id)).some((event) => event.type === 'tool_call.completed')).toBe(false);
  });

  it('I13 a deleted agent does not harm a turn that waits', async () => {
    const name = await turns.agent({ tools: ['write_file'] });
    const turn = await turns.start(name, call('write_file', { path: 'orphan.txt', content: 'x' }));
    const pending = await turns.pending(turn.id, 'write_file');
    expect((await turns.http.delete(`/v1/agents/${name}`)).status).toBeLessThan(300);
    await turns.decide(turn.id, pending.callId, { action: 'allow' });
    expect((await turns.end(turn.id)).turn.status).toBe('completed');
  });
});

describe('what is kept', () => {
  it('I14 a long result of a server tool is cut once, and says so', async () => {
    const turn = await turns.start(agent, [
      call('write_file', { path: 'long.txt', content: 'y'.repeat(7_000) }),
      '/next',
      call('read_file', { path: 'long.txt' }),
    ]);
    const pending = await turns.pending(turn.id, 'write_file');
    await turns.decide(turn.id, pending.callId, { action: 'allow' });
    const ended = await turns.end(turn.id);
    const read = ended.of('tool_call.completed')[1];
    expect(read?.output.match(/\[truncated: 6000 of \d+ characters\]/g)).toHaveLength(1);
    expect(read?.truncated?.shownCharacters).toBe(6_000);
    expect(read?.truncated?.ofCharacters).toBeGreaterThanOrEqual(7_000);
    expect(ended.turn.output?.match(/\[truncated/g)).toHaveLength(1);
  });

  const awkward: [string, JsonObject][] = [
    ['quotes, backslashes and line ends', { path: 'a', content: '"\\"\\\\\n\r\n\t\u0000\u2028\u2029\u007f' }],
    [
      'JSON within JSON within JSON',
      { path: 'b', content: JSON.stringify(JSON.stringify({ a: ['"', '\\'] })) },
    ],
    ['emoji and right-to-left text', { path: 'c', content: '👩‍👩‍👧‍👦 עברית \u202e reversed' }],
    ['an event stream', { path: 'd', content: 'id: 9.9\nevent: turn.completed\ndata: {}\n\n: ping\n\n' }],
    ['a script of commands', { path: 'e', content: '/say fooled\n/call run_command {}' }],
    ['keys that harm objects', { path: 'f', content: '{"__proto__":{"x":1},"constructor":1}' }],
  ];
  it.each(awkward)('I15 survives a restart byte for byte: %s', async (_, input) => {
    const turn = await turns.start(agent, call('write_file', input));
    const before = await turns.pending(turn.id, 'write_file');
    expect(before.input).toEqual(input);
    // One restart serves all cases: the last one is killed with everything that waits.
    if (input['path'] === 'f') {
      await system().kill9('main');
      await system().start('main');
    }
    const after = await turns.pending(turn.id, 'write_file');
    expect(after).toEqual(before);
    expect((await turns.decide(turn.id, after.callId, { action: 'allow' })).status).toBe(200);
    await turns.end(turn.id);
    expect(await workspaceOf(system().dataDir, agent).text(String(input['path']))).toBe(input['content']);
  });

  it('I15 a lone surrogate is kept or refused by name, and never hangs the turn', async () => {
    const turn = await turns.start(agent, '/call phone {"text":"\\ud800 alone"}');
    const seen = await turns.until(
      turn.id,
      'it waits or ends',
      (each) => each.pending.length > 0 || !!each.endedAt,
    );
    if (seen.pending[0]) {
      expect(seen.pending[0].input).toEqual({ text: '\ud800 alone' });
      await turns.result(turn.id, seen.pending[0].callId, { content: 'ok' });
    }
    const ended = await turns.end(turn.id);
    if (ended.turn.status === 'failed') expect(ended.turn.error?.code).toMatch(/^[a-z_]+$/);
  });

  it('I19 the step cap ends the turn with a typed reason and the count', async () => {
    const looping = Array.from({ length: 10 }, () => call('list_files', {})).join('\n/next\n');
    const turn = await turns.start(agent, looping, { limits: { maxSteps: 3 } });
    const ended = await turns.end(turn.id);
    expect(ended.turn.status).toBe('failed');
    expect(ended.turn.error?.code).toMatch(/step/);
    expect(ended.turn.error?.message).toContain('3');
    expect(ended.of('step.started')).toHaveLength(3);
  });

  it('I20 a full flow needs no live model: a script asks, is allowed, runs and answers', async () => {
    const turn = await turns.start(agent, call('write_file', { path: 'rehearsed.txt', content: 'x' }));
    const { callId } = await turns.pending(turn.id, 'write_file');
    expect((await turns.decide(turn.id, callId, { action: 'allow' })).status).toBe(200);
    expect((await turns.end(turn.id)).turn).toMatchObject({ status: 'completed' });
    const { body } = await turns.http.get<Agent>(`/v1/agents/${agent}`);
    expect(body.model).toBe('rehearsal/script');
  });
});

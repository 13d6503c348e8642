import { describe, expect, it } from '@jest/globals';
import { answerAll } from '../../support/auth-person.ts';
import { useAuthStage } from '../../support/auth-stage.ts';
import { pause } from '../../support/poll.ts';
import { call, createTurns } from '../../support/turns.ts';

const stage = useAuthStage({ parts: ['engine', 'worker', 'api'] });

describe('The tool browser_profile', () => {
  it('pauses a turn until a person has logged in, over the death of the worker, and shows no capability', async () => {
    const { system, auth } = stage();
    const turns = createTurns(system);
    const agent = await turns.agent({ tools: ['browser_profile'], policy: { default: 'allow', rules: [] } });
    const connection = await stage().connect('combined');
    const { id } = connection;
    const turn = await turns.start(agent, [
      call('browser_profile', { action: 'list' }),
      '/next',
      call('browser_profile', { action: 'wait', connection: id, timeout: '10m' }),
      '/next',
      '/say went on',
    ]);
    const listed = await turns.untilEvent(turn.id, 'tool_call.completed');
    expect(JSON.stringify(listed)).toContain(id);
    expect(JSON.stringify(listed)).toContain('NEEDS_AUTH');
    const login = await auth.login(id);
    await auth.asked(id);
    await system.kill9('worker');
    await system.startAll();
    await pause(1_000);
    expect((await turns.get(turn.id)).status).not.toMatch(/completed|failed/);
    const { end } = await answerAll(auth, id, stage().person());
    expect(end.status).toBe('AUTHENTICATED');
    const loggedInMs = performance.now();
    const ended = await turns.end(turn.id, 60_000);
    expect(performance.now() - loggedInMs).toBeLessThan(20_000);
    expect(ended.turn.status).toBe('completed');
    const told = JSON.stringify(ended.of('tool_call.completed'));
    expect(told).toContain('AUTHENTICATED');
    expect(told).not.toMatch(/hosted|code=|Sign in to|E-mail address/);
    expect(told).not.toContain(login.handoff_code);
  }, 120_000);

  it('answers at once where the connection is logged in already, and lists by domain and profile', async () => {
    const { auth, system, site } = stage();
    const turns = createTurns(system);
    const agent = await turns.agent({ tools: ['browser_profile'], policy: { default: 'allow', rules: [] } });
    const connection = await stage().connect('combined');
    await auth.login(connection.id);
    await answerAll(auth, connection.id, stage().person());
    const turn = await turns.start(agent, [
      call('browser_profile', { action: 'wait', connection: connection.id }),
      '/next',
      call('browser_profile', { action: 'list', domain: site.host, profile: connection.profile_name }),
      '/next',
      '/say done',
    ]);
    const ended = await turns.end(turn.id, 30_000);
    expect(ended.turn.status).toBe('completed');
    const results = ended.of('tool_call.completed').map((event) => JSON.stringify(event));
    expect(results).toHaveLength(2);
    for (const result of results) expect(result).toContain('AUTHENTICATED');
    expect(results[1]).toContain(connection.id);
  }, 60_000);
});

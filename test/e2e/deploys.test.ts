import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Fleet } from '../../src/contract/index.ts';
import { poll } from '../support/poll.ts';
import { cleanEnv, NODE, ROOT, startSystem, useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

// Longer than any tool here; what drains ends as soon as the tool has.
const ENV = { LONGTURN_WORKER_VERSIONING: 'on', LONGTURN_DRAIN_MS: '40000' };
let versioning = 'on';
const system = useSystem({
  parts: ['engine', 'worker', 'api'],
  env: ENV,
  envOf: () => ({ LONGTURN_WORKER_VERSIONING: versioning }),
});
let turns: Turns;

beforeAll(() => {
  turns = createTurns(system());
});

async function fleet(): Promise<Fleet> {
  const { body } = await system().http.get<Fleet>('/v1/workers');
  return body;
}

/** Runs the command as its page says, in this system's environment. */
async function deployment(...args: string[]): Promise<string> {
  const env = cleanEnv({ ...ENV, LONGTURN_DATA: system().dataDir, LONGTURN_LOG_LEVEL: 'silent' });
  const { stdout } = await promisify(execFile)(NODE, ['scripts/deployment.ts', ...args], { cwd: ROOT, env });
  return stdout;
}

describe('a worker that tells its build', () => {
  it('makes it current by itself, takes turns, and is listed', async () => {
    const agent = await turns.agent({});
    const turn = await turns.start(agent, '/say hello');
    expect((await turns.end(turn.id)).turn.output).toBe('hello');
    const { versioning, workers, builds } = await fleet();
    expect(versioning).toBe(true);
    expect(workers).toMatchObject([{ draining: false, buildId: builds[0]?.buildId }]);
    expect(workers[0]?.capabilities).toEqual(expect.arrayContaining(['tool:write_file', 'model:rehearsal']));
    expect(builds).toMatchObject([{ status: 'current' }]);
    expect(await deployment('status')).toMatch(/^[0-9a-f]{16} {2}current/);
    expect(await deployment('check')).toMatch(
      /^[1-9]\d* workflows replayed on this code; it cannot go on with 0\.$/m,
    );
    expect(await deployment('promote')).toContain(`Build ${builds[0]?.buildId} is current`);
    await expect(deployment('rollback')).rejects.toThrow(/was current before/);
  });
});

describe('a worker that is told to end', () => {
  it('takes nothing new, and lets a tool that may not be repeated end', async () => {
    const agent = await turns.agent({ policy: { rules: [{ tool: 'run_command', gate: 'allow' }] } });
    const log = 'drain.log';
    const turn = await turns.start(agent, [
      call('run_command', { command: `echo begun >> ${log}; sleep 5; echo ended >> ${log}; echo finished` }),
      '/next',
      '/say done',
    ]);
    const begun = join(system().dataDir, 'workspaces', turn.agent, log);
    await poll(async () => (await readFile(begun, 'utf8')).includes('begun'), { what: 'the tool runs' });
    const ended = system().terminate('worker', 45_000);
    await poll(async () => (await fleet()).workers.some(({ draining }) => draining), {
      what: 'the worker is listed as draining',
    });
    const later = await turns.start(agent, '/say later');
    expect(await ended).toBe(0);
    expect((await readFile(begun, 'utf8')).split('\n').filter(Boolean)).toEqual(['begun', 'ended']);
    expect((await turns.get(later.id)).status).toBe('queued');
    await system().start('worker');
    const { events } = await turns.end(turn.id);
    expect(events.filter(({ type }) => type === 'tool_call.completed')).toMatchObject([
      { output: expect.stringContaining('finished') },
    ]);
    expect((await turns.end(later.id)).turn.output).toBe('later');
  });
});

describe('versioning that is switched off', () => {
  it('a worker that would get nothing does not start; after `deployment off` it takes the turns', async () => {
    const agent = await turns.agent({ policy: { default: 'ask' } });
    const turn = await turns.start(agent, [call('list_files', {}), '/next', '/say done']);
    const { callId } = await turns.pending(turn.id, 'list_files');
    await system().terminate('worker');
    versioning = 'off';
    await expect(system().start('worker')).rejects.toThrow();
    expect(system().output('worker')).toContain('npm run deployment -- off');
    expect(await deployment('off')).toContain('kept to no build');
    await system().start('worker');
    expect((await turns.decide(turn.id, callId, { action: 'allow' })).status).toBe(200);
    expect((await turns.end(turn.id)).turn.output).toBe('done');
  });

  it('npm start goes on with its turns', async () => {
    let value = 'on';
    await using alone = await startSystem({ envOf: () => ({ LONGTURN_WORKER_VERSIONING: value }) });
    const own = createTurns(alone);
    const turn = await own.start(await own.agent({ policy: { default: 'ask' } }), [
      call('list_files', {}),
      '/next',
      '/say done',
    ]);
    const { callId } = await own.pending(turn.id, 'list_files');
    await alone.terminate('main');
    value = 'off';
    await alone.start('main');
    expect((await own.decide(turn.id, callId, { action: 'allow' })).status).toBe(200);
    expect((await own.end(turn.id)).turn.output).toBe('done');
  });
});

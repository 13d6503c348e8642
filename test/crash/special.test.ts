import { afterAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Approval } from '../../src/contract/index.ts';
import { namesOf } from '../support/names-of.ts';
import { poll } from '../support/poll.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { expectSoundEvents, numbered } from '../support/story.ts';
import { call, unique } from '../support/turns.ts';
import { expectRecovered, useStage } from './crash-case.ts';
import { createCrashTable } from './crash-table.ts';
import { effects } from './phases.ts';

const stage = useStage(['engine', 'worker', 'api']);
const table = createCrashTable('special');
afterAll(() => table.publish());

/** Lets so much time go by while something is down. */
const elapse = (durationMs: number) => {
  const until = performance.now() + durationMs;
  return poll(() => performance.now() > until, { what: 'the time is over', timeoutMs: durationMs + 5_000 });
};

describe('what broke earlier designs', () => {
  it('a steer that arrives while the turn finishes is taken up or refused, never swallowed', async () => {
    const { turns, free } = stage();
    const startedMs = performance.now();
    const taken = { steered: 0, refused: 0 };
    await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const turn = await turns.start(free, ['/sleep 100', '/say first'], { sessionId: unique('s') });
        const reader = turns.follow(turn);
        const moment = ['step.started', 'text.completed', 'turn.completed'][index % 3] ?? '';
        await poll(() => reader.frames.some((frame) => frame.event === moment), { what: moment, everyMs: 1 });
        const answer = await turns.http.post(`/v1/turns/${turn.id}/steer`, { message: '/say second' });
        await reader.done;
        const ended = await turns.end(turn.id);
        expectSoundEvents(ended.events);
        if (answer.status === 202) {
          expect(ended.of('turn.steered')).toHaveLength(1);
          expect(ended.turn.output).toBe('second');
          taken.steered += 1;
        } else {
          expect(answer.status).toBe(409);
          expect(ended.of('turn.steered')).toEqual([]);
          expect(ended.turn.output).toBe('first');
          taken.refused += 1;
        }
      }),
    );
    table.add({
      component: 'nothing',
      phase: 'a steer while the turn finishes',
      turns: 24,
      outcome: `${taken.steered} taken up, ${taken.refused} refused`,
      recoveryMs: performance.now() - startedMs,
    });
  });

  it('a decision that races the end of its turn has one truth, in answer, events, record and effect', async () => {
    const { turns, gated, system } = stage();
    const startedMs = performance.now();
    let decided = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const log = `${unique('race')}.log`;
        const turn = await turns.start(gated, call('run_command', { command: `echo x >> ${log}` }));
        const pending = await turns.pending(turn.id, 'run_command');
        const cancel = turns.http.post(`/v1/turns/${turn.id}/cancel`, {});
        const decision = await turns.decide(turn.id, pending.callId, { action: 'allow' });
        await cancel;
        const ended = await turns.end(turn.id);
        expectSoundEvents(ended.events);
        const [resolved] = ended.of('approval.resolved');
        const inbox = await turns.http.get<{ items: Approval[] }>(
          `/v1/approvals?sessionId=${turn.sessionId}`,
        );
        expect(inbox.body.items).toEqual([]);
        const executed = (await workspaceOf(system.dataDir, gated).lines(log)).length;
        if (decision.status === 200) {
          decided += 1;
          expect(resolved?.action).toBe('allow');
          expect(executed).toBeLessThanOrEqual(1);
        } else {
          expect(decision.status).toBe(409);
          expect(resolved?.action).not.toBe('allow');
          expect(executed).toBe(0);
        }
      }),
    );
    table.add({
      component: 'nothing',
      phase: 'a decision while the turn is cancelled',
      turns: 20,
      outcome: `${decided} decided, ${20 - decided} refused`,
      recoveryMs: performance.now() - startedMs,
    });
  });

  it('a worker stopped for longer than the task timeout, then resumed, under readers', async () => {
    const { turns, free, gated, system } = stage();
    const script = [
      call('list_files', {}),
      '/next',
      '/stream 10 40',
      call('list_files', {}),
      '/next',
      '/say out',
    ];
    const busy = await Promise.all(
      Array.from({ length: 6 }, () => turns.start(free, script, { sessionId: unique('s') })),
    );
    const parked = await turns.start(gated, script[0] ?? '');
    const pending = await turns.pending(parked.id, 'list_files');
    const all = [...busy, parked];
    const readers = all.flatMap((turn) => [turns.follow(turn), turns.follow(turn)]);
    await turns.untilEvent(busy[0]?.id ?? '', 'tool_call.completed');
    const stoppedMs = performance.now();
    system.pause('worker');
    const decision = turns.decide(parked.id, pending.callId, { action: 'allow' });
    await elapse(8_000);
    system.resume('worker');
    expect([200, 202]).toContain((await decision).status);
    for (const [index, turn] of all.entries()) {
      const ended = await turns.end(turn.id, 60_000);
      expect(ended.turn.status).toBe('completed');
      expectSoundEvents(ended.events);
      for (const reader of readers.slice(index * 2, index * 2 + 2)) {
        await reader.done;
        // A task that was lost may have been read: then the reader was told to begin again.
        const resets = reader.frames.map((frame) => frame.event).lastIndexOf('reset');
        expect(numbered(reader.frames.slice(resets + 1)).map((frame) => frame.json)).toEqual(ended.events);
      }
    }
    table.add({
      component: 'the worker (SIGSTOP 8 s)',
      phase: 'steps, deltas and a decision under readers',
      turns: all.length,
      outcome: 'completed',
      recoveryMs: performance.now() - stoppedMs,
    });
  }, 120_000);

  it('the engine is down for longer than a heartbeat while tools and a model run', async () => {
    const { turns, free, system } = stage();
    const log = `${unique('down')}.log`;
    const tool = await turns.start(
      free,
      call('run_command', { command: `echo x >> ${log}; sleep 6; echo finished` }),
    );
    const model = await turns.start(free, ['/sleep 9000', '/say thought']);
    const readers = [turns.follow(tool), turns.follow(model)];
    const files = workspaceOf(system.dataDir, free);
    await files.reached(log);
    await turns.untilEvent(model.id, 'step.started');
    const killedMs = performance.now();
    await system.kill9('engine');
    await elapse(33_000);
    await system.start('engine');
    const [ofTool, ofModel] = [await turns.end(tool.id, 60_000), await turns.end(model.id, 60_000)];
    await Promise.all(readers.map((reader) => reader.done));
    expect(await files.lines(log)).toEqual(['x']);
    expect(ofTool.turn).toMatchObject({ status: 'completed', output: expect.stringContaining('finished') });
    expect(ofModel.turn).toMatchObject({ status: 'completed', output: 'thought' });
    for (const [index, ended] of [ofTool, ofModel].entries()) {
      expect(numbered(readers[index]?.frames ?? []).map((frame) => frame.json)).toEqual(ended.events);
    }
    table.add({
      component: 'the engine for 33 s',
      phase: 'a tool and a model call run',
      turns: 2,
      outcome: 'completed, the result of the one execution told',
      recoveryMs: performance.now() - killedMs - 33_000,
    });
  }, 180_000);

  it('a turn terminated by hand while no worker lives ends when one is back, and its session goes on', async () => {
    const { turns, gated, free, system } = stage();
    const sessionId = unique('s');
    const turn = await turns.start(gated, call('list_files', {}), { sessionId });
    const pending = await turns.pending(turn.id, 'list_files');
    const next = await turns.start(gated, '/say next', { sessionId });
    const reader = turns.follow(turn);
    await system.kill9('worker');
    const connection = await Connection.connect({ address: system.engineAddress });
    const workflowId = (await namesOf(system)).turnWorkflowId(turn.id);
    await new Client({ connection }).workflow.getHandle(workflowId).terminate('by hand');
    await connection.close();
    const killedMs = performance.now();
    await system.start('worker');
    const ended = await turns.end(turn.id, 30_000);
    expect(ended.turn.status).toBe('failed');
    await reader.done;
    expect(numbered(reader.frames).map((frame) => frame.json)).toEqual(ended.events);
    expect((await turns.decide(turn.id, pending.callId, { action: 'allow' })).status).toBe(409);
    expect((await turns.end(next.id)).turn.output).toBe('next');
    expect(free).toBeTruthy();
    table.add({
      component: 'the worker, and the turn by hand',
      phase: 'while pending',
      turns: 2,
      outcome: 'failed as terminated; the next completed',
      recoveryMs: performance.now() - killedMs,
    });
  }, 90_000);

  it('three crashes of everything in one turn of five steps repeat nothing', async () => {
    const current = stage();
    const { turns, free, system } = current;
    const log = `${unique('thrice')}.log`;
    const step = (n: number) => [
      call('run_command', { command: `echo ${n} >> ${log}` }),
      '/next',
      '/sleep 700',
    ];
    const turn = await turns.start(free, [...[1, 2, 3, 4].flatMap(step), call('list_files', {})]);
    const reader = turns.follow(turn);
    const files = workspaceOf(system.dataDir, free);
    const startedMs = performance.now();
    for (const n of [1, 2, 3]) {
      await poll(async () => (await files.lines(log)).length >= n, { what: `line ${n}`, timeoutMs: 45_000 });
      await poll(
        async () => (await turns.events(turn.id)).filter((event) => event.type === 'step.started').length > n,
        { what: `step ${n + 1}`, timeoutMs: 45_000 },
      );
      await system.kill9All();
      await system.startAll();
    }
    const side = await effects(current, free, { slowMs: 0 });
    const outcome = await expectRecovered(current, [
      { turn, reader, check: (ended) => ended.turn.status },
      side,
    ]);
    expect(outcome).toBe('completed');
    expect(await files.lines(log)).toEqual(['1', '2', '3', '4']);
    table.add({
      component: 'everything, three times',
      phase: 'between steps',
      turns: 2,
      outcome,
      recoveryMs: performance.now() - startedMs,
    });
  }, 180_000);
});

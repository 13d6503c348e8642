import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Problem, Turn } from '../../src/contract/index.ts';
import { connectClient, localEngine } from '../../src/temporal/connect.ts';
import { createHttpClient } from '../support/http-client.ts';
import { namesOf } from '../support/names-of.ts';
import { poll } from '../support/poll.ts';
import { freePort } from '../support/processes.ts';
import { type Frame, openSse } from '../support/sse-reader.ts';
import { expectWholeStory, joinedDeltas, numbered } from '../support/story.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

// The parts apart on one host, on one SQLite file, with two instances of the API.
let workerPort: number;
let engineMetricsPort: number;
const system = useSystem(async () => {
  workerPort = await freePort();
  engineMetricsPort = await freePort();
  const env = {
    LONGTURN_WORKER_PORT: String(workerPort),
    LONGTURN_ENGINE_METRICS_PORT: String(engineMetricsPort),
  };
  return { parts: ['engine', 'worker', 'api', 'api2'], env };
});
let turns: Turns;
let second: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  second = createTurns(system(), createHttpClient(system().urlOf('api2'), system().token));
  agent = await turns.agent({});
});

const TEXT = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen';

describe('the parts apart', () => {
  it('either API instance answers for a turn that the other started', async () => {
    const turn = await turns.start(agent, call('write_file', { path: 'two-apis.txt', content: 'x' }));
    const pending = await second.pending(turn.id, 'write_file');
    const readers = [turns.follow(turn), second.follow(turn)];
    expect((await second.decide(turn.id, pending.callId, { action: 'allow' })).status).toBe(200);
    const again = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    expect(again.status).toBe(200);
    await Promise.all(readers.map((reader) => reader.done));
    const { events } = await turns.end(turn.id);
    expect(await second.events(turn.id)).toEqual(events);
    for (const reader of readers) expectWholeStory(reader.frames, events, 1);
  });

  it('the worker serves its metrics, those of the SDK beside them, and its health', async () => {
    const at = (path: string) => fetch(`http://127.0.0.1:${workerPort}${path}`);
    expect((await at('/healthz')).status).toBe(200);
    expect((await at('/v1/turns')).status).toBe(404);
    const answer = await at('/metrics');
    const lines = (await answer.text()).split('\n');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(lines).toContain('longturn_workers 1');
    expect(lines).toContain('longturn_oldest_starting_seconds 0');
    const { taskQueue } = await namesOf(system());
    expect(lines).toContain(`longturn_task_backlog{queue="${taskQueue}",kind="activity"} 0`);
    const names = new Set(lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
    expect([...names]).toEqual(expect.arrayContaining(['temporal_workflow_task_execution_latency']));
    const engines = await fetch(`http://127.0.0.1:${engineMetricsPort}/metrics`);
    expect(await engines.text()).toContain('service_requests');
  });

  it('deltas and events arrive live, without a common feed', async () => {
    const turn = await turns.start(agent, ['/stream 20 150', `/say ${TEXT}`]);
    const reader = second.follow(turn);
    const startedMs = performance.now();
    await poll(() => reader.frames.some((frame) => frame.event === 'text.delta'), { what: 'a delta' });
    expect(performance.now() - startedMs).toBeLessThan(2_500);
    await reader.done;
    expect(joinedDeltas(reader.frames, 1)).toBe(TEXT);
    const [last] = reader.frames.slice(-1);
    const { turn: ended } = await turns.end(turn.id);
    expect(last?.event).toBe('turn.completed');
    expect(ended.output).toBe(TEXT);
  });

  it('a reader that changes instance between events sees each event exactly once', async () => {
    const turn = await turns.start(agent, [
      '/stream 20 60',
      call('list_files', {}),
      '/next',
      '/stream 20 60',
      `/say ${TEXT}`,
    ]);
    const frames: Frame[] = [];
    const hops: string[] = [];
    let lastEventId = '1.0';
    for (let hop = 0; hop < 200; hop += 1) {
      const reader = await (hop % 2 === 0 ? turns : second).stream(turn.id, { lastEventId });
      await Promise.race([
        reader.ended,
        poll(() => reader.frames.length >= 3, { what: 'three frames', everyMs: 5, timeoutMs: 15_000 }),
      ]);
      reader.close();
      frames.push(...reader.frames);
      hops.push(
        `from ${lastEventId}: ${reader.frames.map((each) => `${each.id}@${Math.round(each.atMs)}`).join(' ')}`,
      );
      lastEventId = reader.lastId() ?? lastEventId;
      if (frames.at(-1)?.event === 'turn.completed') break;
    }
    expectWholeStory(frames, (await turns.end(turn.id)).events, 1);
    if (joinedDeltas(frames, 2) !== TEXT) throw new Error(`Pieces are missing: ${hops.join('\n')}`);
  });

  it('an API restart between events: the reader resumes, and each event comes exactly once', async () => {
    const turn = await turns.start(agent, ['/stream 50 100', `/say ${TEXT}`]);
    const reader = turns.follow(turn);
    await poll(() => reader.frames.filter((frame) => frame.event === 'text.delta').length > 5, {
      what: 'deltas',
    });
    expect(await system().terminate('api')).toBe(0);
    await system().start('api');
    await reader.done;
    expect(reader.connections()).toBeGreaterThan(1);
    expectWholeStory(reader.frames, (await turns.end(turn.id)).events, 1);
    expect(joinedDeltas(reader.frames, 1)).toBe(TEXT);
  });

  it('readyz names the check that fails, and healthz stays 200', async () => {
    const failing = async (check: RegExp) =>
      poll(
        async () => {
          const answer = await turns.http.get<Problem>('/readyz');
          return answer.status === 503 && check.test(answer.text);
        },
        { what: `readyz is 503 and names ${check}`, timeoutMs: 30_000, explain: system().tails },
      );
    await system().kill9('worker');
    await failing(/worker/i);
    expect((await turns.http.get('/healthz')).status).toBe(200);
    const queued = await turns.start(agent, '/say accepted while no worker lives');
    await system().kill9('engine');
    await failing(/engine/i);
    expect((await turns.http.get('/healthz')).status).toBe(200);
    const unstarted = await turns.start(agent, '/say accepted while no engine lives');
    await system().startAll();
    expect((await turns.end(queued.id)).turn.output).toBe('accepted while no worker lives');
    expect((await turns.end(unstarted.id)).turn.output).toBe('accepted while no engine lives');
  });

  it('a decision while no worker answers is taken by signal with 202, and holds when one is back', async () => {
    const turn = await turns.start(agent, call('write_file', { path: 'by-signal.txt', content: 'x' }));
    const pending = await turns.pending(turn.id, 'write_file');
    await system().kill9('worker');
    const startedMs = performance.now();
    const answer = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    expect(answer.status).toBe(202);
    expect(performance.now() - startedMs).toBeLessThan(9_000);
    await system().start('worker');
    const ended = await turns.end(turn.id);
    expect(ended.turn.status).toBe('completed');
    expect(ended.of('approval.resolved')).toMatchObject([{ action: 'allow' }]);
    expect(ended.of('tool_call.started')).toHaveLength(1);
    const record = await turns.decide(turn.id, pending.callId, { action: 'allow' });
    expect(record.status).toBe(200);
  });

  it('a reader of one instance learns of a turn in a session that was posted to the other', async () => {
    const first = await turns.start(agent, '/say one');
    await turns.end(first.id);
    const url = new URL(`/v1/sessions/${first.sessionId}/events`, system().urlOf('api2'));
    const reader = await openSse(url, { token: system().token, lastEventId: '1.4' });
    const next = await turns.start(agent, '/say two', { sessionId: first.sessionId });
    await reader.until('the end of the second', (frame) => frame.event === 'turn.completed');
    reader.close();
    expect(numbered(reader.frames).map((frame) => frame.json)).toEqual((await turns.end(next.id)).events);
    expect(reader.frames.every((frame) => frame.id?.startsWith('2.'))).toBe(true);
  });

  it("turns can be found in Temporal's UI by agent and session", async () => {
    const client = await connectClient(localEngine(system().engineAddress, 'default'));
    const { turnWorkflowId } = await namesOf(system());
    const turn = await poll(
      async () => {
        const started = await turns.start(agent, '/say found');
        const { searchAttributes } = await client.workflow.getHandle(turnWorkflowId(started.id)).describe();
        return Object.keys(searchAttributes).includes('LongturnAgent') ? started : undefined;
      },
      { what: 'turns carry their search attributes', everyMs: 250 },
    );
    const query = `LongturnAgent = '${agent}' AND LongturnSession = '${turn.sessionId}'`;
    const found = await poll(async () => (await client.workflow.count(query)).count, { what: 'it is found' });
    expect(found).toBe(1);
    await client.connection.close();
  });

  it('a deleted turn is erased from the store and from the engine, though the worker is killed meanwhile', async () => {
    const [turn] = (await turns.http.get<{ items: Turn[] }>('/v1/turns?status=completed')).body.items.slice(
      -1,
    );
    if (!turn) throw new Error('no turn has completed');
    const { http } = turns;
    expect((await http.delete(`/v1/turns/${turn.id}`)).status).toBe(202);
    await system().kill9('worker');
    expect((await http.get(`/v1/turns/${turn.id}`)).status).toBe(410);
    await system().start('worker');
    const { body } = await poll(
      async () => {
        const answer = await http.get(`/v1/turns/${turn.id}`);
        return (answer.body as Problem).tombstone?.erasedAt === undefined ? undefined : answer;
      },
      { what: 'the turn is erased', timeoutMs: 90_000 },
    );
    expect((body as Problem).tombstone).toMatchObject({ turnId: turn.id, status: 'completed' });
    const client = await connectClient(localEngine(system().engineAddress, 'default'));
    const { turnWorkflowId } = await namesOf(system());
    const described = client.workflow.getHandle(turnWorkflowId(turn.id)).describe();
    await expect(described).rejects.toThrow(WorkflowNotFoundError);
    await client.connection.close();
  }, 120_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../support/http-client.ts';
import { poll } from '../support/poll.ts';
import { findPostgres, POSTGRES_MISSING, type PostgresCluster, startPostgres } from '../support/postgres.ts';
import { expectWholeStory, joinedDeltas } from '../support/story.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const isInstalled = findPostgres() !== undefined;
const describeHere = isInstalled ? describe : describe.skip;

describeHere(`the parts on PostgreSQL${isInstalled ? '' : ` (${POSTGRES_MISSING})`}`, () => {
  let cluster: PostgresCluster;
  const system = useSystem(async () => {
    cluster = await startPostgres();
    const url = await cluster.createDatabase();
    return { parts: ['engine', 'worker', 'api', 'api2'], env: { LONGTURN_STORE: url } };
  });
  let turns: Turns;
  let second: Turns;
  let agent: string;

  beforeAll(async () => {
    turns = createTurns(system());
    second = createTurns(system(), createHttpClient(system().urlOf('api2'), system().token));
    agent = await turns.agent({});
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });

  it('a turn is approved through one instance and followed live through both, by NOTIFY', async () => {
    const text = 'one two three four five six seven';
    const turn = await turns.start(agent, [
      call('write_file', { path: 'a.txt', content: 'x' }),
      '/next',
      '/stream 7 500',
      `/say ${text}`,
    ]);
    const readers = [turns.follow(turn), second.follow(turn)];
    const pending = await second.pending(turn.id, 'write_file');
    await poll(
      () => readers.every(({ frames }) => frames.some(({ event }) => event === 'approval.requested')),
      { what: 'both readers follow' },
    );
    expect((await second.decide(turn.id, pending.callId, { action: 'always' })).status).toBe(200);
    expect(
      (await turns.http.get<{ items: unknown[] }>(`/v1/sessions/${turn.sessionId}/grants`)).body.items,
    ).toHaveLength(1);
    await Promise.all(readers.map((reader) => reader.done));
    const { events } = await turns.end(turn.id);
    for (const reader of readers) {
      expectWholeStory(reader.frames, events, 1);
      expect(joinedDeltas(reader.frames, 2)).toBe(text);
    }
  });

  it('a session runs its turns in order while the worker is killed in the middle', async () => {
    const first = await turns.start(agent, ['/stream 20 100', '/say first']);
    const rest = [];
    for (const text of ['second', 'third']) {
      rest.push(await second.start(agent, `/say ${text}`, { sessionId: first.sessionId }));
    }
    await turns.untilEvent(first.id, 'step.started');
    await system().kill9('worker');
    await system().start('worker');
    const outputs = [];
    for (const turn of [first, ...rest]) outputs.push((await turns.end(turn.id, 60_000)).turn.output);
    expect(outputs).toEqual(['first', 'second', 'third']);
  });

  it('finds a note by full text', async () => {
    const turn = await turns.start(
      agent,
      call('write_note', { path: 'Ideas/fox', content: 'The quick brown fox.' }),
    );
    const pending = await turns.pending(turn.id, 'write_note');
    await turns.decide(turn.id, pending.callId, { action: 'allow' });
    await turns.end(turn.id);
    const found = await poll(
      async () =>
        (await second.http.get<{ items: { path: string }[] }>('/v1/notes?q=brown%20fox&path=Ideas/')).body
          .items[0],
      { what: 'the note is found' },
    );
    expect(found.path).toBe('Ideas/fox');
  });
});

import { expect, it } from '@jest/globals';
import type { Grant, Page } from '../../src/contract/index.ts';
import { poll } from '../support/poll.ts';
import { expectWholeStory, joinedDeltas } from '../support/story.ts';
import { call, unique } from '../support/turns.ts';
import type { ClusterStage } from './stage.ts';

/** The turn suite's main stories, each begun through one API and ended through the other. */
export function describeStories(stage: () => ClusterStage): void {
  it('a turn waits for an approval and is followed through both APIs to its end', async () => {
    const { turns, second, gated } = stage();
    const text = 'one two three four five six seven';
    const script = [
      call('write_file', { path: 'a.txt', content: 'x' }),
      '/next',
      '/stream 7 300',
      `/say ${text}`,
    ];
    const turn = await turns.start(gated, script);
    const readers = [turns.follow(turn), second.follow(turn)];
    const pending = await second.pending(turn.id, 'write_file');
    await poll(
      () => readers.every(({ frames }) => frames.some(({ event }) => event === 'approval.requested')),
      { what: 'both readers see the request', explain: stage().system.tails },
    );
    expect((await second.decide(turn.id, pending.callId, { action: 'allow' })).status).toBe(200);
    await Promise.all(readers.map((reader) => reader.done));
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: text });
    for (const reader of readers) {
      expectWholeStory(reader.frames, ended.events, 1);
      expect(joinedDeltas(reader.frames, 2)).toBe(text);
    }
  });

  it('"always" allows what is pending and what comes later in the session', async () => {
    const { turns, second, gated } = stage();
    const sessionId = unique('s');
    const write = (path: string) => call('write_file', { path, content: 'x' });
    const first = await turns.start(gated, [write('b.txt'), write('c.txt')], { sessionId });
    await turns.until(first.id, 'two calls are pending', ({ pending }) => pending.length === 2);
    const pending = await second.pending(first.id, 'write_file');
    expect((await second.decide(first.id, pending.callId, { action: 'always' })).status).toBe(200);
    expect((await turns.end(first.id)).of('tool_call.completed')).toHaveLength(2);
    const grants = await second.http.get<Page<Grant>>(`/v1/sessions/${sessionId}/grants`);
    expect(grants.body.items).toHaveLength(1);
    const next = await second.start(gated, write('d.txt'), { sessionId });
    const ended = await turns.end(next.id);
    expect(ended.turn.status).toBe('completed');
    expect(ended.of('approval.requested')).toHaveLength(0);
  });

  it('a client executes its own tool', async () => {
    const { turns, second } = stage();
    const agent = await turns.agent({
      clientTools: [{ name: 'ask_user', description: 'Asks.', inputSchema: { type: 'object' } }],
      policy: { rules: [{ tool: 'ask_user', gate: 'allow' }] },
    });
    const turn = await turns.start(agent, [call('ask_user', { q: 1 }), '/next', '/say thanks']);
    const pending = await second.pending(turn.id, 'ask_user', 'result');
    expect((await second.result(turn.id, pending.callId, { content: 'forty-two' })).status).toBe(200);
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'thanks' });
    expect(JSON.stringify(ended.of('tool_call.completed'))).toContain('forty-two');
  });

  it('a cancelled turn ends, and the session goes on with its next turn', async () => {
    const { turns, second, gated } = stage();
    const sessionId = unique('s');
    const first = await turns.start(gated, call('write_file', { path: 'e.txt', content: 'x' }), {
      sessionId,
    });
    const next = await second.start(gated, '/say next', { sessionId });
    await turns.pending(first.id, 'write_file');
    expect((await second.get(next.id)).status).toBe('queued');
    expect((await second.http.post(`/v1/turns/${first.id}/cancel`)).status).toBe(202);
    expect((await turns.end(first.id)).turn.status).toBe('cancelled');
    expect((await turns.end(next.id)).turn).toMatchObject({ status: 'completed', output: 'next' });
  });
}

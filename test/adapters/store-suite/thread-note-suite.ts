import { expect, it } from '@jest/globals';
import type { Note } from '../../../src/contract/index.ts';
import { notesOf } from '../../support/notes-of.ts';
import {
  admitted,
  at,
  completed,
  DIGESTS,
  event,
  failed,
  type OpenStore,
  range,
  running,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function threadNoteSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const notes = () => notesOf(other()).notes;

  const note = async (sessionId: string): Promise<Note | undefined> =>
    (await notes().list({ path: `Threads/scribe/${sessionId}`, limit: 1 })).items[0];

  it('records a session while a turn runs and when it has ended', async () => {
    const sessionId = 'thread';
    await admitted(store(), 'th1', { sessionId, input: 'First line of it\nand a second one' });
    expect(await note(sessionId)).toBeUndefined();
    await store().turns.begin('th1', DIGESTS, at(1));
    expect(await note(sessionId)).toMatchObject({
      path: 'Threads/scribe/thread',
      kind: 'thread',
      tags: ['thread', 'scribe'],
      updatedAt: at(1),
      metadata: {
        status: 'working',
        agent: 'scribe',
        sessionId,
        turns: 1,
        lastTurnId: 'th1',
        lastTurnStatus: 'running',
      },
    });
    await store().turns.end(completed('th1', 1, { output: `A long output. ${'word '.repeat(100)}` }));
    const ended = await note(sessionId);
    expect(ended?.metadata).toEqual({
      status: 'ok',
      agent: 'scribe',
      sessionId,
      turns: 1,
      completed: 1,
      failed: 0,
      cancelled: 0,
      inputTokens: 3,
      outputTokens: 2,
      lastTurnId: 'th1',
      lastTurnStatus: 'completed',
    });
    expect(ended?.content).toContain('# Session thread');
    expect(ended?.content).toContain('1. **completed** First line of it\n   - A long output. word word');
    expect(ended?.content).not.toContain('second one');
    expect(ended?.content.length).toBeLessThan(500);
    expect((await notes().list({ q: 'first long output', tag: 'thread', limit: 5 })).items).toEqual([ended]);
  });

  it('counts failed and cancelled turns and sums usage', async () => {
    const sessionId = 'mixed';
    await running(store(), 'm1', { sessionId });
    await admitted(store(), 'm2', { sessionId });
    await admitted(store(), 'm3', { sessionId });
    await store().turns.cancelQueued('m3', event('m3', 1, { type: 'turn.cancelled' }), at(2));
    expect((await note(sessionId))?.metadata).toMatchObject({ status: 'working', turns: 3, cancelled: 1 });
    await store().turns.end(completed('m1'));
    await store().turns.begin('m2', DIGESTS, at(11));
    expect((await note(sessionId))?.metadata).toMatchObject({ status: 'working', completed: 1 });
    await store().turns.end(failed('m2'));
    const ended = await note(sessionId);
    expect(ended?.metadata).toMatchObject({
      status: 'error',
      completed: 1,
      failed: 1,
      cancelled: 1,
      inputTokens: 4,
      outputTokens: 2,
      lastTurnId: 'm2',
      lastTurnStatus: 'failed',
    });
    expect(ended?.content).toContain(
      '2. **failed** Input of m2\n   - model_failed: The model failed for good.',
    );
    expect(ended?.content).toContain('3. **cancelled** Input of m3');
  });

  it('tells of the newest fifty turns only', async () => {
    const sessionId = 'long';
    for (const n of range(60)) {
      await running(store(), `long-${n}`, { sessionId, input: 'x'.repeat(5_000) });
      await store().turns.end(completed(`long-${n}`));
    }
    const { content = '', metadata } = (await note(sessionId)) ?? {};
    expect(metadata).toMatchObject({ turns: 60, completed: 60, inputTokens: 180 });
    expect(content).toContain('10 earlier turns are not shown');
    expect(content.match(/\*\*completed\*\*/g)).toHaveLength(50);
    expect(content.length).toBeLessThan(20_000);
  });

  it('leaves tags that somebody added to a thread note', async () => {
    const sessionId = 'tagged';
    await running(store(), 'tag1', { sessionId });
    const thread = (await note(sessionId))!;
    const tags = ['thread', 'scribe', 'keep'];
    await notes().put({ ...thread, kind: 'written', tags, at: at(2) });
    await store().turns.end(completed('tag1'));
    expect(await note(sessionId)).toMatchObject({ tags, kind: 'thread', metadata: { status: 'ok' } });
    expect((await notes().list({ tag: 'keep', limit: 5 })).items).toHaveLength(1);
  });
}

import { expect, it } from '@jest/globals';
import type { Compaction, StepResult, TranscriptMark } from '../../../src/store/store.ts';
import { admitted, at, completed, event, type OpenStore, running, stepStarted } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function transcriptRestSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  const result = (text: string): StepResult => ({
    text,
    calls: [],
    usage: { inputTokens: 1, outputTokens: 2 },
  });
  const compaction: Compaction = {
    covers: {},
    saved: {
      strategy: 'summarize',
      fromTurn: 1,
      fromStep: 0,
      toTurn: 1,
      toStep: 2,
      tokensBefore: 9,
      tokensAfter: 4,
    },
    usage: { inputTokens: 1, outputTokens: 2 },
  };

  /** A session with a turn that has ended and one in its second step; returns the mark of that step. */
  async function marked(name: string): Promise<{ mark: TranscriptMark; first: string; second: string }> {
    const [first, second, sessionId] = [`${name}-1`, `${name}-2`, `session-of-${name}`];
    await running(store(), first, { sessionId });
    await store().turns.end(completed(first));
    await running(store(), second, { sessionId });
    await store().events.append(second, [
      event(second, 1, stepStarted, 11),
      event(second, 2, { type: 'text.completed', step: 1, text: 'one' }, 12),
      event(second, 3, { type: 'step.started', step: 2 }, 13),
    ]);
    await store().transcript.recordStep(second, 1, result('one'));
    const before = { turns: 1, ordinals: 1, endedAt: at(10) };
    return { mark: { turnId: second, step: 2, seq: 3, at: at(13), resets: 0, before }, first, second };
  }

  it('tells what has come behind a mark: of its turn, and of those after it', async () => {
    const { mark, second } = await marked('rest');
    expect(await store().transcript.loadSince(second, mark)).toMatchObject({
      turns: [{ turn: { id: second }, steps: [], events: [] }],
      compacted: [],
    });
    await other().transcript.recordStep(second, 2, result('two'));
    await other().turns.end(completed(second, 4));
    await running(other(), 'rest-3', { sessionId: 'session-of-rest' });
    await other().events.append('rest-3', [event('rest-3', 1, stepStarted)]);
    await other().transcript.recordCompaction('rest-3', 1, 0, compaction);
    await admitted(store(), 'rest-4', { sessionId: 'session-of-rest' });

    const rest = await store().transcript.loadSince('rest-3', mark);
    expect(rest?.turns).toEqual([
      {
        turn: await store().turns.get(second),
        steps: [{ step: 2, result: result('two') }],
        events: (await store().events.list(second)).slice(3),
      },
      {
        turn: await store().turns.get('rest-3'),
        steps: [],
        events: await store().events.list('rest-3'),
      },
    ]);
    const place = { turnId: 'rest-3', ordinal: 3, step: 1, round: 0 };
    expect(rest?.compacted).toEqual([place]);
    expect(await store().transcript.compactions('rest-3')).toEqual([{ ...place, compaction }]);
    expect(await store().transcript.compactions(second)).toEqual([]);
  });

  it('tells nothing behind a mark where a turn in front of it, or its own, is deleted', async () => {
    const { mark, first, second } = await marked('gone');
    expect(await store().transcript.loadSince(second, mark)).toBeDefined();
    await other().deletion.markTurn(first, { by: { tokenId: 'ada', name: 'Ada' } }, at(20));
    expect(await store().transcript.loadSince(second, mark)).toBeUndefined();

    const ended = await marked('own-gone');
    await store().turns.end(completed(ended.second, 4));
    await running(store(), 'own-gone-3', { sessionId: 'session-of-own-gone' });
    expect(await store().transcript.loadSince('own-gone-3', ended.mark)).toBeDefined();
    await other().deletion.markTurn(ended.second, { by: { tokenId: 'ada', name: 'Ada' } }, at(20));
    expect(await store().transcript.loadSince('own-gone-3', ended.mark)).toBeUndefined();
  });

  it('tells nothing behind a mark where its workflow was reset, also when the same step has begun again', async () => {
    const { mark, second } = await marked('reset');
    const [, text, began] = await store().events.list(second);
    if (!text || !began) throw new Error('There are no events.');
    await other().events.supersede(second, text, at(30));
    expect(await store().transcript.loadSince(second, mark)).toBeUndefined();
    await other().events.append(second, [text, began]);
    expect(await store().transcript.loadSince(second, mark)).toBeUndefined();
    expect(await store().transcript.loadSince(second, { ...mark, resets: 1 })).toBeDefined();
  });

  it('tells nothing behind a mark that an older store, which was restored, does not have as it was', async () => {
    const { mark, second } = await marked('restored');
    const { before } = mark;
    for (const lost of [
      { ...mark, seq: 4 },
      { ...mark, at: at(99) },
      { ...mark, before: { ...before, turns: 2 } },
      { ...mark, before: { ...before, ordinals: 2 } },
      { ...mark, before: { ...before, endedAt: at(9) } },
    ]) {
      expect(await store().transcript.loadSince(second, lost)).toBeUndefined();
    }
  });

  it('tells nothing of another session, or of a turn in front of the mark', async () => {
    const { mark, first } = await marked('elsewhere');
    await running(store(), 'of-another-session');
    expect(await store().transcript.loadSince('of-another-session', mark)).toBeUndefined();
    expect(await store().transcript.loadSince(first, mark)).toBeUndefined();
  });
}

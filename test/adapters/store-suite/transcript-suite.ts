import { expect, it } from '@jest/globals';
import type { Delta } from '../../../src/contract/index.ts';
import type { Compaction, StepResult } from '../../../src/store/store.ts';
import {
  admitted,
  at,
  completed,
  DIGEST,
  event,
  type OpenStore,
  range,
  running,
  stepStarted,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function transcriptSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  const result = (text: string): StepResult => ({
    text,
    calls: [
      {
        callId: 'c',
        tool: 'read_file',
        input: { path: 'ß\ud800' },
        inputDigest: DIGEST,
        invalid: 'no such tool',
      },
    ],
    usage: { inputTokens: 1, outputTokens: 2 },
  });
  const delta = (text: string): Delta => ({
    type: 'text.delta',
    at: at(1),
    turnId: 'd',
    step: 1,
    attempt: 1,
    text,
  });

  it('records a step once; the first result wins', async () => {
    expect(await store().transcript.step('steps', 1)).toBeUndefined();
    expect(await store().transcript.recordStep('steps', 1, result('first'))).toEqual(result('first'));
    expect(await store().transcript.recordStep('steps', 1, result('second'))).toEqual(result('first'));
    expect(await store().transcript.step('steps', 1)).toEqual(result('first'));
    const raced = await Promise.all(
      range(10).map((n) => (n % 2 ? store() : other()).transcript.recordStep('steps', 2, result(`r${n}`))),
    );
    expect(new Set(raced.map(({ text }) => text)).size).toBe(1);
  });

  it("loads the session's turns up to the given one, in order, with steps and events", async () => {
    const sessionId = 'history';
    await running(store(), 'h1', { sessionId });
    await store().transcript.recordStep('h1', 2, result('two'));
    await store().transcript.recordStep('h1', 1, result('one'));
    await store().events.append('h1', [event('h1', 1, stepStarted), event('h1', 2, stepStarted)]);
    await store().turns.end(completed('h1', 3));
    await running(store(), 'h2', { sessionId });
    await admitted(store(), 'h3', { sessionId });
    await running(store(), 'elsewhere');
    await store().transcript.recordStep('elsewhere', 1, result('not ours'));

    const loaded = await store().transcript.load('h2');
    expect(loaded.map(({ turn }) => turn)).toEqual([
      await store().turns.get('h1'),
      await store().turns.get('h2'),
    ]);
    expect(loaded[0]?.steps).toEqual([
      { step: 1, result: result('one') },
      { step: 2, result: result('two') },
    ]);
    expect(loaded[0]?.events).toEqual(await store().events.list('h1'));
    expect(loaded[1]).toMatchObject({ steps: [], events: [] });
    expect(await store().transcript.load('nobody')).toEqual([]);
  });

  it('records a compaction once, and loads those of the session in order', async () => {
    const sessionId = 'compacted';
    await running(store(), 'c1', { sessionId });
    await store().turns.end(completed('c1', 1));
    await running(store(), 'c2', { sessionId });
    const compaction = (text: string): Compaction => ({
      covers: { c1: 2 },
      text,
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
    });
    const { transcript } = store();
    await transcript.recordCompaction('c2', 10, 0, compaction('later'));
    expect(await transcript.recordCompaction('c2', 2, 0, compaction('ß\ud800'))).toEqual(
      compaction('ß\ud800'),
    );
    expect(await transcript.recordCompaction('c2', 2, 0, compaction('again'))).toEqual(compaction('ß\ud800'));
    await other().transcript.recordCompaction('c1', 1, 1, compaction('first'));
    const loaded = await transcript.load('c2');
    expect(loaded.map(({ compactions }) => compactions.map((each) => [each.step, each.round]))).toEqual([
      [[1, 1]],
      [
        [2, 0],
        [10, 0],
      ],
    ]);
    expect(loaded[1]?.compactions[0]?.compaction).toEqual(compaction('ß\ud800'));
  });

  it('numbers deltas within a step and repeats harmlessly', async () => {
    const numbered = range(5).map((n) => ({ n: n + 1, delta: delta(`piece ${n} \ud83d`) }));
    expect(await store().deltas.last('d', 1)).toBe(0);
    await store().deltas.append('d', 1, numbered.slice(0, 3));
    await store().deltas.append('d', 1, numbered.slice(2));
    await store().deltas.append('d', 1, []);
    await store().deltas.append('d', 2, [{ n: 9, delta: delta('other step') }]);
    expect(await store().deltas.list('d', 1, 0)).toEqual(numbered);
    expect(await store().deltas.list('d', 1, 3)).toEqual(numbered.slice(3));
    expect(await store().deltas.last('d', 1)).toBe(5);
  });

  it('takes thousands of deltas at once', async () => {
    await store().deltas.append(
      'd',
      3,
      range(3_000).map((n) => ({ n: n + 1, delta: delta('x') })),
    );
    expect(await store().deltas.last('d', 3)).toBe(3_000);
  });

  it('sweeps the deltas of turns that ended a minute ago', async () => {
    await running(store(), 'over');
    await running(store(), 'going');
    for (const id of ['over', 'going']) await store().deltas.append(id, 1, [{ n: 1, delta: delta('x') }]);
    await store().turns.end(completed('over'));
    await store().sweep(at(70));
    expect(await store().deltas.last('over', 1)).toBe(1);
    await store().sweep(at(71));
    expect(await store().deltas.last('over', 1)).toBe(0);
    expect(await store().deltas.last('going', 1)).toBe(1);
  });
}

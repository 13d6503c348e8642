import { expect, it } from '@jest/globals';
import { StoreError } from '../../../src/store/store-error.ts';
import { toTurn } from '../../../src/store/turn/to-turn.ts';
import {
  approvalRequested,
  at,
  completed,
  DIGEST,
  event,
  events,
  type OpenStore,
  OTHER_DIGEST,
  range,
  running,
  stepStarted,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function eventsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('appends events, passes over those that are there, and lists behind a number', async () => {
    await running(store(), 'list');
    const all = events(
      'list',
      range(6).map((n) => ({ type: 'text.completed' as const, step: 1, text: `t${n}` })),
    );
    expect(await store().events.append('list', all.slice(0, 3))).toMatchObject({ added: 3 });
    expect(await store().events.append('list', all.slice(1, 5))).toMatchObject({ added: 2 });
    expect(await store().events.append('list', all.slice(0, 5))).toMatchObject({ added: 0 });
    expect(await store().events.append('list', [])).toMatchObject({ added: 0 });
    expect(await store().events.append('list', [...all].reverse())).toMatchObject({ added: 1 });
    expect(await store().events.list('list')).toEqual(all);
    expect(await store().events.list('list', 4)).toEqual(all.slice(4));
    expect(await store().events.list('list', 6)).toEqual([]);
    expect(await store().events.list('nobody')).toEqual([]);
  });

  it('refuses a gap, another turn and an unknown turn, and appends nothing then', async () => {
    await running(store(), 'gap');
    const [first, second, third] = events('gap', [stepStarted, stepStarted, stepStarted]);
    await expect(store().events.append('gap', [second!])).rejects.toThrow(
      'Append event 1 of this turn first',
    );
    await expect(store().events.append('gap', [first!, third!])).rejects.toThrow(StoreError);
    await expect(store().events.append('gap', [event('elsewhere', 1, stepStarted)])).rejects.toThrow(
      StoreError,
    );
    await expect(store().events.append('nobody', [event('nobody', 1, stepStarted)])).rejects.toThrow(
      'no turn',
    );
    expect(await store().events.list('gap')).toEqual([]);
  });

  it('gives back the bytes it was given', async () => {
    await running(store(), 'bytes');
    const input = JSON.parse(
      '{"z":1,"a":{"__proto__":[1e21,-0,0.1]},"2":"two","1":"\\ud83d lone","nul":"\\u0000"}',
    );
    const odd = events('bytes', [
      toolRequested('bytes-1', input),
      { type: 'text.completed', step: 1, text: `\udc00 \u2028 ${'長い'.repeat(200_000)}` },
    ]);
    await store().events.append('bytes', odd);
    expect((await store().events.list('bytes')).map((one) => JSON.stringify(one))).toEqual(
      odd.map((one) => JSON.stringify(one)),
    );
  });

  it('takes thousands of events at once', async () => {
    await running(store(), 'many');
    const many = events(
      'many',
      range(2_500).map(() => stepStarted),
    );
    expect(await store().events.append('many', many)).toMatchObject({ added: 2_500 });
    expect((await store().events.list('many')).at(-1)?.seq).toBe(2_500);
  });

  it('appends each event once when two sides archive the same turn', async () => {
    await running(store(), 'both');
    const all = events(
      'both',
      range(10).map(() => stepStarted),
    );
    const counts = await Promise.all(
      range(10).map((n) => (n % 2 ? store() : other()).events.append('both', all.slice(0, n + 1))),
    );
    expect(counts.reduce((sum, { added }) => sum + added, 0)).toBe(10);
    expect(await store().events.list('both')).toEqual(all);
  });

  it('appends nothing behind the terminal event', async () => {
    await running(store(), 'closed');
    await store().turns.end(completed('closed'));
    expect(await store().events.append('closed', [event('closed', 2, stepStarted)])).toMatchObject({
      added: 0,
    });
    expect(await store().events.list('closed')).toHaveLength(1);
  });

  it('shows what a turn waits for while it waits', async () => {
    await running(store(), 'wait');
    const append = (seq: number, ...facts: Parameters<typeof events>[1]) =>
      store().events.append('wait', events('wait', facts, seq));
    const pending = async () => toTurn((await store().turns.get('wait'))!);

    await append(1, toolRequested('w-1', { n: 1 }), toolRequested('w-2', { n: 2 }, 'client'));
    expect(await pending()).toMatchObject({ status: 'running', pending: [] });
    await append(3, approvalRequested('w-1', { n: 1 }), approvalRequested('w-2', { n: 2 }));
    const asked = { tool: 'write_file', kind: 'approval', inputDigest: DIGEST, expiresAt: at(3_600) };
    expect(await pending()).toMatchObject({
      status: 'waiting',
      pending: [
        { callId: 'w-1', input: { n: 1 }, ...asked },
        { callId: 'w-2', input: { n: 2 }, ...asked },
      ],
    });
    await append(5, {
      type: 'approval.resolved',
      callId: 'w-1',
      action: 'allow',
      via: 'update',
      inputDigest: DIGEST,
    });
    await append(6, {
      type: 'approval.resolved',
      callId: 'w-2',
      action: 'allow',
      via: 'update',
      input: { n: 'edited' },
      inputDigest: OTHER_DIGEST,
    });
    expect(await pending()).toMatchObject({ status: 'running', pending: [] });
    await append(
      7,
      { type: 'tool_call.awaiting_result', callId: 'w-2' },
      { type: 'tool_call.started', callId: 'w-1', attempt: 1 },
    );
    expect((await pending()).pending).toEqual([
      {
        callId: 'w-2',
        tool: 'write_file',
        kind: 'result',
        input: { n: 'edited' },
        inputDigest: OTHER_DIGEST,
      },
    ]);
    await append(9, { type: 'tool_call.completed', callId: 'w-1', output: 'ok' });
    expect((await pending()).status).toBe('waiting');
    await append(10, {
      type: 'tool_call.failed',
      callId: 'w-2',
      error: { code: 'tool_failed', message: 'no' },
    });
    expect(await pending()).toMatchObject({ status: 'running', pending: [] });
  });

  it('takes the input of an awaited call from the same batch as well', async () => {
    await running(store(), 'batch');
    const facts = [
      toolRequested('batch-1', { q: 'who?' }, 'client'),
      { type: 'tool_call.awaiting_result' as const, callId: 'batch-1' },
    ];
    await store().events.append('batch', events('batch', facts));
    expect((await store().turns.get('batch'))?.pending).toEqual([
      { callId: 'batch-1', tool: 'write_file', kind: 'result', input: { q: 'who?' }, inputDigest: DIGEST },
    ]);
  });
}

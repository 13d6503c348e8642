import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createReaders, type StreamReader } from '../../../src/api/stream/readers.ts';
import { sse } from '../../../src/api/stream/sse.ts';
import { poll } from '../../support/poll.ts';
import { createFakeClient, createScriptedTurn, type ScriptedTurn } from '../../support/scripted-turn.ts';

const FRAME = sse.encode({ event: 'x', data: { y: 1 } });

describe('readers', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are counted, opened once, and ended when their stream is over', async () => {
    const readers = createReaders();
    const client = createFakeClient();
    const over = Promise.withResolvers<void>();
    const done = readers.with(client.sink, async (reader) => {
      reader.open();
      reader.open();
      reader.write(FRAME);
      await over.promise;
    });
    expect([readers.count(), client.opened(), client.outcome()]).toEqual([1, true, undefined]);
    over.resolve();
    await done;
    expect([readers.count(), client.outcome(), client.events()]).toEqual([0, 'end', ['x']]);
    readers[Symbol.dispose]();
  });

  it('are kept awake every 15 s, once opened', async () => {
    const readers = createReaders();
    const written: number[] = [];
    const client = createFakeClient();
    const { write } = client.sink;
    client.sink.write = (frame) => {
      written.push(frame.length);
      return write(frame);
    };
    let reader: StreamReader | undefined;
    const over = Promise.withResolvers<void>();
    const done = readers.with(client.sink, async (given) => {
      reader = given;
      await over.promise;
    });
    jest.advanceTimersByTime(30_000);
    expect(written).toEqual([]);
    reader?.open();
    jest.advanceTimersByTime(30_000);
    expect(written).toEqual([13, 13]);
    over.resolve();
    await done;
    readers[Symbol.dispose]();
  });

  it('are kept awake by frames of their own where a comment would reach nobody', async () => {
    const readers = createReaders();
    const client = createFakeClient();
    const over = Promise.withResolvers<void>();
    let beats = 0;
    const done = readers.with(
      client.sink,
      async (reader) => {
        reader.open();
        await over.promise;
      },
      () => ({ event: 'beat', data: { n: ++beats } }),
    );
    jest.advanceTimersByTime(30_000);
    expect(client.frames()).toEqual([1, 2].map((n) => ({ event: 'beat', data: { n } })));
    over.resolve();
    await done;
    readers[Symbol.dispose]();
  });

  it('are told to go when the process ends', async () => {
    const readers = createReaders();
    const client = createFakeClient();
    const done = readers.with(client.sink, async ({ gone, open }) => {
      open();
      await new Promise<void>((resolve) => {
        gone.addEventListener('abort', () => resolve());
      });
    });
    readers[Symbol.dispose]();
    await done;
    expect(client.outcome()).toBe('interrupted');
  });

  it('are cut off when their stream breaks after it was opened, and told of it before', async () => {
    using readers = createReaders();
    const [opened, waiting] = [createFakeClient(), createFakeClient()];
    const breaks = (first: (reader: StreamReader) => void) => async (reader: StreamReader) => {
      first(reader);
      throw new Error('unreadable');
    };
    await expect(
      readers.with(
        opened.sink,
        breaks(({ open }) => open()),
      ),
    ).rejects.toThrow('unreadable');
    await expect(
      readers.with(
        waiting.sink,
        breaks(() => {}),
      ),
    ).rejects.toThrow('unreadable');
    expect([opened.outcome(), waiting.outcome(), readers.count()]).toEqual(['cut', undefined, 0]);
  });

  it('that take nothing are disconnected', async () => {
    const readers = createReaders();
    const client = createFakeClient();
    client.pause();
    const done = readers.with(client.sink, async (reader) => {
      expect(reader.write(FRAME)).toBe(false);
      const drained = reader.drained();
      jest.advanceTimersByTime(60_000);
      await drained;
      expect(reader.gone.aborted).toBe(true);
    });
    await done;
    expect(client.outcome()).toBe('cut');
    readers[Symbol.dispose]();
  });
});

describe('a slow reader', () => {
  let script: ScriptedTurn;
  beforeEach(async () => {
    script = await createScriptedTurn();
  });
  afterEach(async () => {
    await script[Symbol.asyncDispose]();
  });

  it('holds up nobody else, and gets all that it missed when it takes again', async () => {
    const [slow, quick] = [createFakeClient(), createFakeClient()];
    const done = [slow, quick].map((client) => script.streams.turn(script.turn, '1.0', client.sink));
    script.tell({ type: 'step.started', step: 1 });
    const has = (client: typeof slow, count: number) =>
      poll(() => client.frames().length === count, { what: `${count} frames`, everyMs: 1 });
    await Promise.all([has(slow, 1), has(quick, 1)]);
    slow.pause();
    for (let n = 2; n <= 40; n += 1)
      script.tell({ type: 'text.completed', step: 1, text: 'x'.repeat(20_000) });
    await has(quick, 40);
    expect(slow.frames().length).toBeLessThan(40);
    slow.take();
    await has(slow, 40);
    expect(slow.frames()).toEqual(quick.frames());
    script.tellEnd();
    await script.endRow();
    await Promise.all(done);
  });
});

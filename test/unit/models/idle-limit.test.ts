import { describe, expect, it } from '@jest/globals';
import { whileAlive } from '../../../src/models/idle-limit.ts';
import { pause } from '../../support/poll.ts';

const open = () => new AbortController().signal;

describe('an attempt under watch', () => {
  it('may take far longer than the limit while it shows signs of life', async () => {
    const answer = await whileAlive({ idleMs: 1_000, signal: open() }, async ({ progress, signal }) => {
      for (let piece = 0; piece < 15; piece += 1) {
        await pause(100);
        progress();
      }
      return signal.aborted ? 'cut' : 'whole';
    });
    expect(answer).toBe('whole');
  });

  it('is aborted, and has failed for now, when it falls silent, though it does not react', async () => {
    let seen: AbortSignal | undefined;
    const attempt = whileAlive({ idleMs: 20, signal: open() }, ({ signal }) => {
      seen = signal;
      return new Promise(() => {});
    });
    await expect(attempt).rejects.toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(seen?.aborted).toBe(true);
  });

  it('hears when whoever asked gives up', async () => {
    const asker = new AbortController();
    const attempt = whileAlive({ idleMs: 60_000, signal: asker.signal }, async ({ signal }) => {
      asker.abort(new Error('CANCELLED'));
      signal.throwIfAborted();
    });
    await expect(attempt).rejects.toThrow('CANCELLED');
  });
});

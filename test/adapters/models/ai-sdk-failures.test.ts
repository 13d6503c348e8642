import { describe, expect, it } from '@jest/globals';
import { createModelDirectory } from '../../../src/models/create-model-directory.ts';
import { ask, configFor, KEY, VENDORS } from './vendors.ts';
import { createWireServer, useWireServer } from './wire-server.ts';

const wire = useWireServer();

describe.each(VENDORS)('$name', (vendor) => {
  const generate = () => ask(wire().directory, vendor.name, 'hello');
  const rejection = async (): Promise<Error & { retryAfterMs?: number }> =>
    generate().then(
      () => {
        throw new Error('the answer should have failed');
      },
      (error: Error) => error,
    );

  it.each(['{"path": "a', 'not json', '"text"', '3', '[]'])(
    'hands a call with the arguments %s over as invalid',
    async (argumentText) => {
      wire().answers({ frames: vendor.call('look', argumentText), end: 'close' });

      const { calls } = await generate();

      expect(calls).toEqual([{ tool: 'look', input: {}, invalid: 'The arguments are not a JSON object.' }]);
    },
  );

  it.each(['', ' ', 'null', ' null '])(
    'reads a call with the arguments "%s" as an empty object',
    async (none) => {
      wire().answers({ frames: vendor.call('look', none), end: 'close' });

      expect((await generate()).calls).toEqual([{ tool: 'look', input: {} }]);
    },
  );

  it('fails a refusal for good', async () => {
    wire().answers({ frames: vendor.refusal('I cannot help with that.'), end: 'close' });

    await expect(generate()).rejects.toMatchObject({ code: 'model_refused', retryable: false });
  });

  it("fails an answer that the model's output limit cut for good", async () => {
    wire().answers({ frames: vendor.truncated('Once upon'), end: 'close' });

    await expect(generate()).rejects.toMatchObject({ code: 'model_output_truncated', retryable: false });
  });

  it.each(['close', 'destroy'] as const)('reports a stream that stops (%s) as unavailable', async (end) => {
    wire().answers({ frames: vendor.begin('Half a sen'), end });

    await expect(generate()).rejects.toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(wire().seen).toHaveLength(1);
  });

  it('reports an error in the middle of a stream as unavailable', async () => {
    wire().answers({ frames: [...vendor.begin('Half a sen'), ...vendor.overloaded], end: 'close' });

    await expect(generate()).rejects.toMatchObject({ code: 'model_unavailable', retryable: true });
  });

  it('reports a server that cannot be reached as unavailable', async () => {
    const gone = await createWireServer();
    await gone[Symbol.asyncDispose]();

    await expect(ask(createModelDirectory(configFor(gone.url)), vendor.name, 'hello')).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: true,
    });
  });

  it('takes the wait from a date, or from retry-after-ms where it is given', async () => {
    const body = vendor.error('rate_limit_error', 'slow down');
    const inOneMinute = new Date(Date.now() + 60_000).toUTCString();
    wire().answers({ status: 429, headers: { 'retry-after': inOneMinute }, body });
    const { retryAfterMs } = await rejection();
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);

    wire().answers({ status: 429, headers: { 'retry-after': '9', 'retry-after-ms': '250' }, body });
    expect((await rejection()).retryAfterMs).toBe(250);

    wire().answers({ status: 503, headers: { 'retry-after': 'soon' }, body });
    expect((await rejection()).retryAfterMs).toBeUndefined();
  });

  it('never shows a key, and keeps nothing of the request', async () => {
    const message = `Incorrect API key provided: ${KEY}. Bearer ${KEY} or sk-live-abc123. `;
    wire().answers({ status: 401, body: vendor.error('authentication_error', message + 'x'.repeat(2_000)) });

    const error = await rejection();

    expect(error).toMatchObject({ code: 'model_unauthorized', cause: undefined });
    expect(error.message).toContain('_API_KEY');
    expect(error.message.length).toBeLessThan(700);
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/0123456789abcdef|abc123|Be brief/);
    expect(JSON.stringify(wire().seen[0]?.headers)).toContain(KEY);
  });

  it('throws the reason of an abort, before the request and in the middle of a stream', async () => {
    const reason = new Error('the turn was cancelled');
    wire().answers({ frames: vendor.begin('Half a sen'), end: 'open' });
    await expect(
      ask(wire().directory, vendor.name, 'hello', { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    expect(wire().seen).toHaveLength(0);

    const controller = new AbortController();
    const pending = ask(wire().directory, vendor.name, 'hello', {
      signal: controller.signal,
      onText: () => controller.abort(reason),
    });
    await expect(pending).rejects.toBe(reason);
  });
});

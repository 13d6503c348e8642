import { describe, expect, it } from '@jest/globals';
import { ask, type Frame, VENDORS } from './vendors.ts';
import { useWireServer } from './wire-server.ts';

const wire = useWireServer();

const LOCAL = 'openai-compatible/local';
const chunk = (rest: object): Frame => ({ data: { id: 'c', created: 1, model: 'local', ...rest } });
const says = (content: string, finish_reason: string | null = null): Frame =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason }] });
const DONE: Frame = { data: '[DONE]' };

/** Fails so that it is tried once more at most, and in one short line. */
async function expectUnreadable(name: string, words: RegExp): Promise<void> {
  const error: Error = await ask(wire().directory, name, 'go').then(
    () => {
      throw new Error('the answer should have failed');
    },
    (failed) => failed,
  );
  expect(error).toMatchObject({ code: 'model_bad_response', retryable: true, lasting: true });
  expect(error.message).toMatch(words);
  expect(error.message.split('\n')).toHaveLength(1);
  expect(error.message.length).toBeLessThan(500);
}

describe.each(VENDORS)('an answer that is no event stream, of $name', ({ name }) => {
  const text = (contentType: string, body: string) =>
    wire().answers({ status: 200, headers: { 'content-type': contentType }, text: body });

  it('is told with its content type: a page', async () => {
    text('text/html', '<!doctype html>\n<html><head><title>Proxy login</title></head></html>');
    await expectUnreadable(name, /got a page with the title "Proxy login" \(content-type text\/html\)/);
  });

  it('is told with its content type: a JSON document, nothing, words', async () => {
    text('application/json', '{"object":"chat.completion","choices":[]}');
    await expectUnreadable(name, /got a JSON document \(content-type application\/json\)/);
    text('text/event-stream', '');
    await expectUnreadable(name, /got nothing \(content-type text\/event-stream\)/);
    text('text/plain', 'upstream connect error');
    await expectUnreadable(name, /text that begins with "upstream connect error"/);
  });

  it('is the error of the provider where that says so with a status of success', async () => {
    text('application/json', '{"error":{"message":"Slow down","code":429}}');
    await expect(ask(wire().directory, name, 'go')).rejects.toMatchObject({ code: 'model_rate_limited' });
  });
});

describe('a chat completions stream that cannot be read', () => {
  it.each([
    [
      'usage without choices',
      [says('Hi', 'stop'), chunk({ usage: { prompt_tokens: 1 } }), DONE],
      /choices: /,
    ],
    ['choices that are null', [says('Hi', 'stop'), chunk({ choices: null }), DONE], /choices: /],
    ['no JSON', [{ data: 'oops' }, DONE], /is no JSON: "oops"/],
    ['no finish reason', [says('A whole answer.'), DONE], /without a finish reason/],
    [
      'arguments that are an object',
      [
        chunk({
          choices: [
            {
              index: 0,
              delta: { tool_calls: [{ index: 0, id: 'c', function: { name: 'read', arguments: {} } }] },
            },
          ],
        }),
      ],
      /arguments: /,
    ],
  ])('says what is wrong with it: %s', async (_, frames, words) => {
    wire().answers({ frames, end: 'close' });
    await expectUnreadable(LOCAL, words);
  });

  it('is an outage where it is cut off', async () => {
    wire().answers({ frames: [says('Half')], end: 'close' });
    await expect(ask(wire().directory, LOCAL, 'go')).rejects.toMatchObject({
      code: 'model_unavailable',
      lasting: false,
    });
  });
});

describe('tokens that a provider does not count', () => {
  it('are estimated and marked', async () => {
    wire().answers({ frames: [says('x'.repeat(400), 'stop'), DONE], end: 'close' });
    const { usage } = await ask(wire().directory, LOCAL, 'y'.repeat(4_000));
    expect(usage).toEqual({ inputTokens: expect.any(Number), outputTokens: 100, estimated: true });
    expect(usage.inputTokens).toBeGreaterThan(1_000);
    expect(usage.inputTokens).toBeLessThan(1_200);
  });

  it('are estimated where it says zero, and taken where it says more', async () => {
    const counted = (prompt_tokens: number, completion_tokens: number) =>
      wire().answers({
        frames: [
          says('four', 'stop'),
          chunk({ choices: [], usage: { prompt_tokens, completion_tokens } }),
          DONE,
        ],
        end: 'close',
      });
    counted(0, 0);
    expect((await ask(wire().directory, LOCAL, 'go')).usage).toMatchObject({
      outputTokens: 1,
      estimated: true,
    });
    counted(12, 34);
    expect((await ask(wire().directory, LOCAL, 'go')).usage).toEqual({ inputTokens: 12, outputTokens: 34 });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { PROVIDER_NAMES } from '../../../src/models/create-model-directory.ts';
import { readModelLimits } from '../../../src/models/read-model-limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'longturn-models-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string) {
  const file = join(folder, 'models.yaml');
  writeFileSync(file, text);
  return await readModelLimits(file, PROVIDER_NAMES);
}

const problemsOf = (text: string) =>
  read(text).then(
    () => [],
    (error: Error) => error.message.split('\n').slice(1),
  );

describe('the file of LONGTURN_MODELS', () => {
  it('says what providers and models allow', async () => {
    const text = `
providers:
  openai: { maxInFlight: 5, requestsPerMinute: 60, tokensPerMinute: 100000, timeoutMs: 60000 }
models:
  anthropic/claude-sonnet-4-5:
    fallback: openai/gpt-5
    fallbackAfterMs: 30000
`;
    expect(await read(text)).toEqual({
      providers: {
        openai: { maxInFlight: 5, requestsPerMinute: 60, tokensPerMinute: 100_000, timeoutMs: 60_000 },
      },
      models: { 'anthropic/claude-sonnet-4-5': { fallback: 'openai/gpt-5', fallbackAfterMs: 30_000 } },
    });
  });

  it('is not needed', async () => {
    expect(await readModelLimits(undefined, PROVIDER_NAMES)).toEqual({ providers: {}, models: {} });
  });

  it('is refused with every problem, by the path of its key', async () => {
    const text = `
providers:
  opnai: { maxInFlight: 5 }
  openai: { maxInFlight: 0, requestPerMinute: 3 }
  anthropic: { timeoutMs: 400000, fallbackAfterMs: 5 }
models:
  gpt-5: { maxInFlight: 1 }
  openai/gpt-5: { fallback: openai/gpt-5, maxInFlight: many }
  nobody/x: { fallback: nobody/y }
else: 1
`;
    const known = 'rehearsal, anthropic, openai, openai-compatible';
    expect((await problemsOf(text)).toSorted()).toEqual([
      '  else is not a known field',
      '  models.gpt-5 must be provider/model, such as openai/gpt-5',
      `  models.nobody/x names nobody, which is not a provider; known: ${known}`,
      `  models.nobody/x.fallback names nobody, which is not a provider; known: ${known}`,
      '  models.openai/gpt-5.fallback must be another model',
      '  models.openai/gpt-5.maxInFlight must be a whole number from 1 to 10000',
      '  providers.anthropic.fallbackAfterMs needs a fallback beside it',
      '  providers.anthropic.timeoutMs must be a whole number of milliseconds from 100 to 300000',
      '  providers.openai.maxInFlight must be a whole number from 1 to 10000',
      '  providers.openai.requestPerMinute is not a known field',
      `  providers.opnai is not a provider; known: ${known}`,
    ]);
  });

  it('is refused where it cannot be read, or is no YAML', async () => {
    await expect(readModelLimits(join(folder, 'none.yaml'), [])).rejects.toThrow('cannot be read (ENOENT)');
    expect(await problemsOf('providers: [')).toHaveLength(1);
    expect(await problemsOf('just text')).toEqual(['  must hold "providers" or "models"']);
  });
});

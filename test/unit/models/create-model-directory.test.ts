import { describe, expect, it } from '@jest/globals';
import { createModelDirectory } from '../../../src/models/create-model-directory.ts';
import type { ModelProvider } from '../../../src/models/model-provider.ts';

describe('the model directory', () => {
  it('has the rehearsal without any setting', () => {
    expect(createModelDirectory({})('rehearsal/script')).toMatchObject({ model: 'script' });
  });

  it.each([
    ['anthropic/claude', 'ANTHROPIC_API_KEY'],
    ['openai/gpt', 'OPENAI_API_KEY'],
    ['openai-compatible/llama', 'OPENAI_BASE_URL'],
  ])('names the variable to set for %s', (name, variable) => {
    expect(() => createModelDirectory({ anthropicApiKey: '', openaiApiKey: '' })(name)).toThrow(
      expect.objectContaining({
        code: 'model_not_configured',
        retryable: false,
        message: expect.stringContaining(variable),
      }),
    );
  });

  it('finds what is configured; all after the first slash is the model', () => {
    const find = createModelDirectory({
      anthropicApiKey: 'a-key',
      openaiApiKey: 'o-key',
      openaiBaseUrl: 'http://127.0.0.1:1/v1',
    });

    expect(find('anthropic/claude').model).toBe('claude');
    expect(find('openai/gpt').model).toBe('gpt');
    expect(find('openai-compatible/vendor/model').model).toBe('vendor/model');
  });

  it.each(['mystery/model', 'toString/model'])('lists the known providers for %s', (name) => {
    expect(() => createModelDirectory({})(name)).toThrow(
      expect.objectContaining({
        code: 'model_not_configured',
        message: expect.stringContaining('rehearsal, anthropic, openai, openai-compatible'),
      }),
    );
  });

  it.each(['script', 'rehearsal/', '/script', ''])('says how a model is named for %j', (name) => {
    expect(() => createModelDirectory({})(name)).toThrow('provider/model');
  });

  it('takes further providers, also in place of its own', () => {
    const extra: ModelProvider = { generate: () => Promise.reject(new Error('not called')) };
    const find = createModelDirectory({}, { house: extra, rehearsal: extra });

    expect(find('house/small')).toEqual({ provider: extra, model: 'small' });
    expect(find('rehearsal/script').provider).toBe(extra);
  });
});

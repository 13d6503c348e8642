import { describe, expect, it } from '@jest/globals';
import { readRetryAfter, toModelError } from '../../../src/models/ai-sdk-errors.ts';
import { ModelError } from '../../../src/models/model-provider.ts';

const CONTEXT = { provider: 'openai', keyVariable: 'OPENAI_API_KEY', apiKey: 'key-0123456789' };
const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('the time to wait', () => {
  it.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    [{ 'retry-after': '3', 'retry-after-ms': '120' }, 120],
    [{ 'retry-after': '9'.repeat(400) }, 86_400_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('is read of %j', (headers, expected) => {
    expect(readRetryAfter(headers as Record<string, string>, NOW)).toBe(expected);
  });
});

describe('what a vendor reports in its stream, without a status', () => {
  it.each([
    [{ message: 'slow down', type: 'rate_limit_error' }, 'model_rate_limited', true],
    [{ message: 'x', type: 'server_error' }, 'model_unavailable', true],
    [{ message: 'x', type: 'overloaded_error' }, 'model_unavailable', true],
    [{ message: 'x', code: 'invalid_api_key' }, 'model_unauthorized', false],
    [{ message: 'x', code: 'context_length_exceeded' }, 'model_context_overflow', false],
    [{ message: 'x', code: 'content_policy_violation' }, 'model_refused', false],
    [{ message: 'x', type: 'invalid_request_error' }, 'model_bad_request', false],
    [{ message: 'terminated' }, 'model_unavailable', true],
    [{ name: 'AI_InvalidPromptError', message: 'x' }, 'model_bad_request', false],
    ['only words', 'model_unavailable', true],
    [undefined, 'model_unavailable', true],
  ])('becomes a typed error: %j', (error, code, retryable) => {
    expect(toModelError(error, CONTEXT)).toMatchObject({ code, retryable });
  });

  it('stays a rate limit or an outage, whatever else its words say', () => {
    const message = 'maximum context length';
    expect(toModelError({ message, statusCode: 429 }, CONTEXT).code).toBe('model_rate_limited');
    expect(toModelError({ message, statusCode: 500 }, CONTEXT).code).toBe('model_unavailable');
  });
});

describe('the message of an error', () => {
  it('hides keys and credentials wherever they stand', () => {
    const message = 'key-0123456789 sk-proj-abc*def Bearer abc.def http://user:secret@host/v1';
    expect(toModelError({ message, statusCode: 400 }, CONTEXT).message).toBe(
      'openai failed (HTTP 400): [key] [key] Bearer [key] http://[credentials]@host/v1',
    );
  });

  it('is left alone when it is ours already', () => {
    const ours = new ModelError('model_refused', 'no');
    expect(toModelError(ours, CONTEXT)).toBe(ours);
  });
});

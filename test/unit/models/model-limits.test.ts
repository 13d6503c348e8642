import { describe, expect, it } from '@jest/globals';
import { limitedScopes, limitsFor, type ModelBook, NO_LIMITS } from '../../../src/models/model-limits.ts';

const book: ModelBook = {
  providers: {
    openai: { maxInFlight: 5, requestsPerMinute: 60, timeoutMs: 9_000, fallback: 'openai/small' },
    anthropic: { timeoutMs: 8_000 },
  },
  models: {
    'openai/large': { maxInFlight: 2 },
    'openai/patient': { timeoutMs: 90_000 },
  },
};

describe('limits', () => {
  it('of a provider hold for all its models together', () => {
    expect(limitsFor(book, 'openai/any')).toEqual({ scope: 'openai', ...book.providers['openai'] });
  });

  it('of a model count it by itself, and leave the rest to its provider', () => {
    expect(limitsFor(book, 'openai/large')).toEqual({
      scope: 'openai/large',
      maxInFlight: 2,
      timeoutMs: 9_000,
      fallback: 'openai/small',
    });
  });

  it('of a model that is not counted by itself count with its provider', () => {
    expect(limitsFor(book, 'openai/patient')).toMatchObject({
      scope: 'openai',
      maxInFlight: 5,
      timeoutMs: 90_000,
    });
  });

  it('name no model as its own fallback', () => {
    expect(limitsFor(book, 'openai/small')).not.toHaveProperty('fallback');
  });

  it('are none where nothing is configured', () => {
    expect(limitsFor(NO_LIMITS, 'constructor/toString')).toEqual({ scope: 'constructor' });
    expect(limitsFor(NO_LIMITS, 'nonsense')).toEqual({ scope: '' });
  });

  it('give queues to those scopes only that count', () => {
    expect(limitedScopes(book).map(({ scope }) => scope)).toEqual(['openai', 'openai/large']);
  });
});

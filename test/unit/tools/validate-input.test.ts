import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contract/index.ts';
import { createInputValidator, validateToolSchema } from '../../../src/tools/validate-input.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    when: { type: 'string', format: 'date-time' },
    items: { type: 'array', items: { type: 'object', required: ['name'] } },
    size: { enum: ['s', 'm'] },
  },
  required: ['when'],
  additionalProperties: false,
};

describe('validateInput', () => {
  const validateInput = createInputValidator();

  it('accepts what fits', () => {
    expect(validateInput(schema, { when: '2030-01-01T00:00:00Z', items: [{ name: 'a' }] })).toEqual({
      ok: true,
    });
  });

  it('names every problem by its path', () => {
    expect(validateInput(schema, { items: [{}], size: 'l', 'a/b': 1 })).toEqual({
      ok: false,
      problems: expect.arrayContaining([
        { path: 'when', message: 'is required' },
        { path: 'items.0.name', message: 'is required' },
        { path: 'size', message: 'must be equal to one of the allowed values: "s", "m"' },
        { path: 'a/b', message: 'is not a known field' },
      ]),
    });
    expect(validateInput(schema, { when: 'soon' })).toMatchObject({
      problems: [{ path: 'when', message: 'must match format "date-time"' }],
    });
    expect(validateInput(schema, 'text')).toEqual({
      ok: false,
      problems: [{ path: '', message: 'must be object' }],
    });
  });

  it('keeps schemas with the same $id apart', () => {
    const named = (type: string): JsonObject => ({
      $id: 'https://example.com/same',
      type: 'object',
      properties: { a: { type } },
    });
    expect(validateInput(named('string'), { a: 'x' })).toEqual({ ok: true });
    expect(validateInput(named('number'), { a: 'x' }).ok).toBe(false);
    expect(validateInput(named('string'), { a: 'x' })).toEqual({ ok: true });
  });

  it('goes on working over more schemas than it keeps', () => {
    for (let size = 0; size < 250; size += 1) {
      const bounded: JsonObject = { type: 'object', maxProperties: size };
      expect(validateInput(bounded, { a: 1 }).ok).toBe(size > 0);
    }
    expect(validateInput({ type: 'object', maxProperties: 0 }, { a: 1 }).ok).toBe(false);
  });

  it('refuses instead of throwing when the schema itself is unusable', () => {
    expect(validateInput({ type: 'object', $ref: 'https://example.com/else' }, {})).toMatchObject({
      ok: false,
    });
    expect(validateInput({ type: 'object', $async: true }, {})).toMatchObject({ ok: false });
  });

  it('is not held up by a pattern that backtracks for ever', () => {
    const hostile: JsonObject = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const begun = performance.now();
    const verdict = validateInput(hostile, { a: `${'a'.repeat(50)}!` });
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(verdict).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('timed out') }],
    });
    expect(validateInput(hostile, { a: 'aaa' })).toEqual({ ok: true });
    expect(validateInput(hostile, { a: 'b' })).toMatchObject({ problems: [{ path: 'a' }] });
  });
});

describe('validateToolSchema', () => {
  it('accepts schemas of objects, also those that name draft 7', () => {
    expect(validateToolSchema(schema)).toEqual({ ok: true });
    expect(validateToolSchema({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' })).toEqual({
      ok: true,
    });
    expect(validateToolSchema({ type: 'object' })).toEqual({ ok: true });
  });

  it.each<[string, JsonObject, string]>([
    ['another type than object', { type: 'string' }, 'type'],
    ['no type', {}, 'type'],
    ['an unknown type inside', { type: 'object', properties: { a: { type: 'text' } } }, 'properties.a.type'],
    ['a wrong keyword value', { type: 'object', required: 'a' }, 'required'],
    ['a pattern that is none', { type: 'object', properties: { a: { pattern: '(' } } }, ''],
    ['a reference to elsewhere', { type: 'object', properties: { a: { $ref: '#/nowhere' } } }, ''],
    ['an asynchronous one', { type: 'object', $async: true }, ''],
    ['one that is too long', { type: 'object', description: 'x'.repeat(70_000) }, ''],
  ])('refuses %s', (_what, bad, path) => {
    const verdict = validateToolSchema(bad);
    expect(verdict).toMatchObject({ ok: false });
    expect(verdict.ok ? [] : verdict.problems.map((problem) => problem.path)).toContain(path);
  });
});

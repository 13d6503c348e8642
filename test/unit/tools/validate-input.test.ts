import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contract/index.ts';
import { asDraft2020 } from '../../../src/tools/schema-dialect.ts';
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

describe('a schema of an older dialect', () => {
  const validateInput = createInputValidator();
  const range = { type: 'array', items: [{ type: 'number' }, { type: 'string' }], additionalItems: false };
  const tuple: JsonObject = { type: 'object', properties: { range } };

  it.each([
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft-07/schema',
    'http://json-schema.org/draft-06/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    undefined,
  ])('is read as it was written: a tuple, naming %s', ($schema) => {
    const named: JsonObject = { ...tuple, ...($schema !== undefined && { $schema }) };
    expect(validateToolSchema(named)).toEqual({ ok: true });
    expect(validateInput(named, { range: [1, 'a'] })).toEqual({ ok: true });
    expect(validateInput(named, { range: ['a', 1] }).ok).toBe(false);
    expect(validateInput(named, { range: [1, 'a', 2] }).ok).toBe(false);
  });

  it('may have the bounds of draft 4', () => {
    const n = { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false };
    const bounded: JsonObject = { type: 'object', properties: { n, exclusiveMinimum: { type: 'boolean' } } };
    expect(validateToolSchema(bounded)).toEqual({ ok: true });
    expect([0, 1, 9, 10].map((value) => validateInput(bounded, { n: value }).ok)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(asDraft2020(bounded)).toMatchObject({
      properties: { n: { exclusiveMinimum: 0, maximum: 9 }, exclusiveMinimum: { type: 'boolean' } },
    });
  });

  it('is none where it names 2020-12', () => {
    const $schema = 'https://json-schema.org/draft/2020-12/schema';
    expect(validateToolSchema({ ...tuple, $schema }).ok).toBe(false);
    expect(validateToolSchema({ type: 'object', default: { items: [1, 2] } })).toEqual({ ok: true });
  });

  it('is told to providers as 2020-12, and any other one as it is', () => {
    expect(asDraft2020({ ...tuple, $schema: 'http://json-schema.org/draft-07/schema#' })).toEqual({
      type: 'object',
      properties: {
        range: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], items: false },
      },
    });
    expect(asDraft2020(schema)).toBe(schema);
  });
});

describe('a pattern', () => {
  const validateInput = createInputValidator();
  const withPattern = (pattern: string): JsonObject => ({
    type: 'object',
    properties: { a: { type: 'string', pattern } },
  });

  it.each([
    ['^[\\w\\-\\.]+\\@x$', 'a-b.c@x', 'a b@x'],
    ['^\\d+\\:\\d+$', '12:30', '12.30'],
    ['^[^\\/]+$', 'ab', 'a/b'],
    ['^\\p{L}+$', 'größe', '12'],
    ['^.{2}$', '😀😀', '😀'],
  ])('is read as its writer meant it: %s', (pattern, fits, fails) => {
    expect(validateToolSchema(withPattern(pattern))).toEqual({ ok: true });
    expect(validateInput(withPattern(pattern), { a: fits })).toEqual({ ok: true });
    expect(validateInput(withPattern(pattern), { a: fails })).toMatchObject({ problems: [{ path: 'a' }] });
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

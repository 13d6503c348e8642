import { afterAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contract/index.ts';
import { createSchemaChecker } from '../../../src/tools/schema-checker.ts';
import { DOUBLING_WITH_INPUT, doublingSchema, nested } from '../../support/hostile-schemas.ts';
import { MAX_STALL_MS, watchLoop } from '../../support/loop-delay.ts';

const checker = createSchemaChecker({ deadlineMs: 1_000, refuseMs: 60_000 });
afterAll(async () => {
  await checker[Symbol.asyncDispose]();
});

const list = (items: JsonObject): JsonObject => ({
  type: 'object',
  properties: { list: { type: 'array', uniqueItems: true, items } },
});
const withPatterns = (count: number): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${index}`, { pattern: 'a' }]),
  ),
});

describe('a schema checker', () => {
  it('accepts schemas as tools have them, quick ones and others', async () => {
    const quick: JsonObject = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    const other: JsonObject = {
      type: 'object',
      $defs: { tree: { type: 'object', properties: { next: { $ref: '#/$defs/tree' } } } },
      properties: {
        tree: { $ref: '#/$defs/tree' },
        id: { type: 'string', pattern: '^[a-z]+$', format: 'email' },
      },
    };
    for (const schema of [quick, other, list({ type: 'object' })]) {
      expect(await checker.accept(schema)).toEqual({ ok: true });
    }
    expect(await checker.check(quick, {})).toEqual({
      ok: false,
      problems: [{ path: 'a', message: 'is required' }],
    });
    expect(await checker.check(other, { tree: { next: { next: {} } } })).toEqual({ ok: true });
    expect(await checker.check(other, { tree: { next: 1 } })).toMatchObject({
      ok: false,
      problems: [{ path: 'tree.next' }],
    });
    expect(await checker.accept({ type: 'object', properties: { a: { pattern: '(' } } })).toMatchObject({
      ok: false,
    });
  });

  it.each<[string, JsonObject, string, RegExp]>([
    ['references that multiply', doublingSchema(), '$ref', /references multiply/],
    ['one that refers to itself', { type: 'object', allOf: [{ $ref: '#' }] }, 'allOf.0.$ref', /without end/],
    ['many patterns', withPatterns(129), 'properties.p', /one pattern too many; at most 128/],
    ['deep nesting', { type: 'object', properties: { a: nested(80) } }, 'properties.a.a', /deeper than 64/],
    [
      'a long enum',
      { type: 'object', properties: { a: { enum: Array(2_001).fill(1) } } },
      'properties.a.enum',
      /2000/,
    ],
    [
      'a long pattern',
      { type: 'object', properties: { a: { pattern: 'a'.repeat(1_001) } } },
      'properties.a.pattern',
      /long/,
    ],
    ['wide branches', { type: 'object', anyOf: Array(257).fill({}) }, 'anyOf', /at most 256/],
  ])('refuses %s, with the path and the limit', async (_what, schema, path, message) => {
    using loop = watchLoop();
    const verdict = await checker.accept(schema);
    const [problem] = verdict.ok ? [] : verdict.problems;
    expect(problem?.path).toContain(path);
    expect(problem?.message).toMatch(message);
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it('ends a check that takes too long, says so, and goes on', async () => {
    using loop = watchLoop();
    expect(await checker.accept(DOUBLING_WITH_INPUT)).toEqual({ ok: true });
    const costly = await checker.check(DOUBLING_WITH_INPUT, nested(60));
    expect(costly).toMatchObject({ ok: false, isTooCostly: true });
    // The same schema is not tried again for each of many calls, nor in a retry.
    const before = performance.now();
    for (let call = 0; call < 100; call += 1) {
      expect(await checker.check(DOUBLING_WITH_INPUT, nested(60 + call))).toMatchObject({
        isTooCostly: true,
      });
    }
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(await checker.check(list({}), { list: [1, 2] })).toEqual({ ok: true });
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it('finds what is there twice among many items without holding up the process', async () => {
    using loop = watchLoop();
    const many = Array.from({ length: 40_000 }, (_, index) => ({ index }));
    expect(await checker.check(list({ type: 'object' }), { list: many })).toEqual({ ok: true });
    expect(await checker.check(list({}), { list: [...many, { index: 7 }] })).toEqual({
      ok: false,
      problems: [{ path: 'list', message: 'must NOT have duplicate items' }],
    });
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it('tells twenty problems at most, each in few words', async () => {
    const choices = Array.from({ length: 150 }, (_, index) => `choice ${index}`);
    const schema: JsonObject = { type: 'object', additionalProperties: { enum: choices } };
    const verdict = await checker.check(schema, Object.fromEntries(choices.map((name) => [name, 'none'])));
    const problems = verdict.ok ? [] : verdict.problems;
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toBe('has 130 more problems');
    expect(JSON.stringify(problems).length).toBeLessThan(15_000);
  });

  it('ends with its thread under way', async () => {
    const own = createSchemaChecker({ deadlineMs: 60_000 });
    const checking = own.check(DOUBLING_WITH_INPUT, nested(60));
    await own[Symbol.asyncDispose]();
    expect(await checking).toMatchObject({ isTooCostly: true });
  });
});

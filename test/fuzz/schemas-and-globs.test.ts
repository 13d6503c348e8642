import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject, PolicyRule } from '../../src/contract/index.ts';
import { globFault } from '../../src/core/policy/glob.ts';
import { judge } from '../../src/core/policy/policy.ts';
import { createSchemaChecker } from '../../src/tools/schema-checker.ts';
import { aCall, NOW } from '../support/builders.ts';
import { bounds } from '../support/fuzz.ts';
import { nested } from '../support/hostile-schemas.ts';
import { MAX_STALL_MS, watchLoop } from '../support/loop-delay.ts';

const checker = createSchemaChecker({ deadlineMs: 250 });
afterAll(async () => {
  await checker[Symbol.asyncDispose]();
});

const names = fc.constantFrom('a', 'b', 'c');
const $ref = fc.constantFrom('#', '#/$defs/a', '#/$defs/b', '#/$defs/c', '#/properties/a', '#/nowhere');
const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ type: fc.constantFrom('object', 'array', 'string', 'number') }),
    fc.record({ $ref }),
    fc.record({ pattern: fc.constantFrom('^(a+)+$', '(x+x+)+y', '^[a-c]*$', '(', '\\p{L}+') }),
    fc.record({ uniqueItems: fc.constant(true), items: tie('schema') }),
    fc.record({ enum: fc.array(fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>, { maxLength: 40 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 8 }) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 8 }), not: tie('schema') }),
    fc.record({ properties: fc.dictionary(names, tie('schema'), { maxKeys: 3 }) }),
    fc.record({ patternProperties: fc.dictionary(fc.constant('^(a+)+$'), tie('schema')) }),
    fc.record({ additionalProperties: tie('schema'), propertyNames: tie('schema') }),
  ),
}));
const toolSchema = fc
  .record({ own: schema, $defs: fc.dictionary(names, schema, { maxKeys: 3 }) })
  .map(({ own, $defs }): JsonObject => ({ ...own, $defs, type: 'object' }));
const long = fc.integer({ min: 1, max: 30_000 });
const input: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.dictionary(names, fc.jsonValue() as fc.Arbitrary<Json>),
  fc.integer({ min: 1, max: 90 }).map(nested),
  long.map((count): JsonObject => ({ a: 'a'.repeat(count), b: `${'x'.repeat(30)}!` })),
  long.map((count): JsonObject => ({ a: Array.from({ length: count / 10 }, (_, b) => ({ b })) })),
);

const glob = fc
  .array(
    fc.constantFrom('*', '**', '/', 'a', 'ab', '?', '[a-c]', '{a,*b}', '*(a|b|ab)', '+(a|ab)', '!(a)', '.'),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));
const argument = fc
  .tuple(fc.constantFrom('a', 'ab', 'a/', '/a/../', 'abc\n', '.'), fc.integer({ min: 1, max: 60_000 }))
  .map(([piece, count]) => piece.repeat(count).slice(0, 240_000));

describe('whatever strangers send', () => {
  it('schemas and inputs get their verdict, and never hold up the process', async () => {
    // The schema of schemas is compiled once.
    await checker.accept({ type: 'object' });
    using loop = watchLoop();
    await fc.assert(
      fc.asyncProperty(toolSchema, input, async (itsSchema, itsInput) => {
        const accepted = await checker.accept(itsSchema);
        if (!accepted.ok) expect(accepted.problems[0]?.message).toBeTruthy();
        const checked = await checker.check(itsSchema, itsInput);
        if (!checked.ok) expect(checked.problems.length).toBeLessThanOrEqual(21);
      }),
      bounds(150),
    );
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it('globs and arguments are judged at once, and a person decides where they are not', async () => {
    using loop = watchLoop();
    const gates = fc.constantFrom<PolicyRule['gate']>('allow', 'ask', 'deny');
    const rule = fc.record({ tool: fc.constant('run'), gate: gates, args: fc.record({ command: glob }) });
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 20 }), argument, async (rules, command) => {
        const judgement = judge(aCall('run', { command }), { rules }, 'allow', [], NOW, 500_000);
        const readable = rules.filter(({ args }) => globFault(args.command) === undefined);
        const mayDeny = readable.some(({ gate }) => gate === 'deny');
        if (command.length > 16_384 && mayDeny) expect(judgement.gate).toBe('ask');
        await new Promise(setImmediate);
      }),
      bounds(150),
    );
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });
});

import type { JsonObject } from '../../src/contract/index.ts';

const LEVELS = 60;

/** Each of 60 definitions applies the next one twice: 2^60 steps, in 3.9 KB. */
export function doublingSchema(): JsonObject {
  const $defs: JsonObject = { [`d${LEVELS}`]: { type: 'object' } };
  for (let level = 0; level < LEVELS; level += 1) {
    const $ref = `#/$defs/d${level + 1}`;
    $defs[`d${level}`] = { allOf: [{ $ref }, { $ref }] };
  }
  return { type: 'object', $defs, allOf: [{ $ref: '#/$defs/d0' }] };
}

/** Doubles with each level of the input, whatever the limits: the schema itself is small and recursive. */
export const DOUBLING_WITH_INPUT: JsonObject = {
  type: 'object',
  $defs: { d: { properties: { a: { allOf: [{ $ref: '#/$defs/d' }, { $ref: '#/$defs/d' }] } } } },
  allOf: [{ $ref: '#/$defs/d' }],
};

/** An object in an object, so many deep. */
export function nested(levels: number): JsonObject {
  let value: JsonObject = {};
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

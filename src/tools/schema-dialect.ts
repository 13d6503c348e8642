import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Ajv } from 'ajv/dist/ajv.js';
import type { Json, JsonObject } from '../contract/index.ts';
import { boundedRegExp } from './bounded-regexp.ts';
import { isSchemaObject } from './schema-walk.ts';

/** The class of validators that reads a schema as its writer meant it. */
export type SchemaReader = typeof Ajv | typeof Ajv2019 | typeof Ajv2020;

/**
 * By the dialect that the schema names: draft 4, 6 or 7, 2019-09, or 2020-12. One that names none is read as 2020-12, unless it
 * has tuples as they were before that (`items: [a, b]`).
 */
export function readerFor(schema: JsonObject): SchemaReader {
  const named = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  if (/draft-0[4-7]/.test(named)) return Ajv;
  if (named.includes('2019-09')) return Ajv2019;
  const isOlder = !named.includes('2020-12') && hasTuples(schema);
  return isOlder ? Ajv : Ajv2020;
}

/**
 * A schema as its reader takes it: without the name of its dialect, which is not looked up, and with bounds as they are since
 * draft 6, where they are those of draft 4 (`minimum: 0, exclusiveMinimum: true`).
 */
export function withoutDialect(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = schema;
  return hasNode(rest, hasOldBounds) ? (withNewBounds(rest) as JsonObject) : rest;
}

const BOUNDS = [
  ['exclusiveMinimum', 'minimum'],
  ['exclusiveMaximum', 'maximum'],
] as const;

function hasOldBounds(node: JsonObject): boolean {
  return BOUNDS.some((pair) => isOldBound(node, pair));
}

function isOldBound(node: JsonObject, [exclusive, bound]: (typeof BOUNDS)[number]): boolean {
  return typeof node[exclusive] === 'boolean' && typeof node[bound] === 'number';
}

function withNewBounds(value: Json): Json {
  if (Array.isArray(value)) return value.map(withNewBounds);
  if (!isSchemaObject(value)) return value;
  let told: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, DATA.has(key) ? inner : withNewBounds(inner)]),
  );
  for (const pair of BOUNDS.filter((each) => isOldBound(value, each))) {
    const [exclusive, bound] = pair;
    const { [exclusive]: isExclusive, [bound]: limit, ...others } = told;
    told = { ...others, [isExclusive ? exclusive : bound]: limit ?? null };
  }
  return told;
}

/**
 * A pattern as its writer meant it, with or without the `u` flag: most generators escape more than the flag allows (`\-`, `\:`).
 * Throws where it is none either way.
 */
export function writtenRegExp(pattern: string, flags: string): ReturnType<typeof boundedRegExp> {
  try {
    return boundedRegExp(pattern, flags);
  } catch (error) {
    if (!flags.includes('u')) throw error;
    return boundedRegExp(pattern, flags.replace('u', ''));
  }
}

/**
 * A schema for providers, which read 2020-12: tuples and bounds are written as they are there. Anthropic refuses a request with any other
 * schema.
 */
export function asDraft2020(schema: JsonObject): JsonObject {
  const isOlder = readerFor(schema) !== Ajv2020 && hasTuples(schema);
  if (isOlder) return withTuples(withoutDialect(schema)) as JsonObject;
  return hasNode(schema, hasOldBounds) ? withoutDialect(schema) : schema;
}

/** Keywords whose values are data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples']);

function hasTuples(schema: JsonObject): boolean {
  return hasNode(schema, ({ items }) => Array.isArray(items));
}

function hasNode(schema: JsonObject, is: (node: JsonObject) => boolean): boolean {
  const open: Json[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isSchemaObject(next) && is(next)) return true;
    open.push(...partsOf(next));
  }
  return false;
}

/** What may be or hold a schema. */
function partsOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (!isSchemaObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (DATA.has(key) ? [] : [inner]));
}

function withTuples(value: Json): Json {
  if (Array.isArray(value)) return value.map(withTuples);
  if (typeof value !== 'object' || value === null) return value;
  const { items, additionalItems, ...others } = value;
  const told = Object.fromEntries(
    Object.entries(others).map(([key, inner]) => [key, DATA.has(key) ? inner : withTuples(inner)]),
  );
  if (!Array.isArray(items)) {
    return {
      ...told,
      ...(items !== undefined && { items: withTuples(items) }),
      ...(additionalItems !== undefined && { additionalItems: withTuples(additionalItems) }),
    };
  }
  return {
    ...told,
    prefixItems: items.map(withTuples),
    ...(additionalItems !== undefined && { items: withTuples(additionalItems) }),
  };
}

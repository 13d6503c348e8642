import type { Json, JsonObject } from '../contract/index.ts';
import { schemaPlaces } from './schema-walk.ts';

const MAX_SCHEMAS = 100;
const CHARACTERS_A_SCHEMA = 200;
const MAX_CHOICES = 200;
const MAX_DEPTH = 32;
/** Most that a schema may weigh together with its input: schemas times characters. */
const MAX_WEIGHT = 500_000;

/** Formats that are checked in time that grows with the text alone. */
const QUICK_FORMATS = new Set([
  'date',
  'time',
  'date-time',
  'uuid',
  'ipv4',
  'int32',
  'int64',
  'float',
  'double',
]);
const SLOW_KEYWORDS = [
  ...['$ref', '$dynamicRef', '$recursiveRef', '$id', '$async', 'pattern', 'patternProperties', 'uniqueItems'],
  ...['unevaluatedItems', 'unevaluatedProperties', 'dependencies', 'dependentSchemas', 'contains'],
];

/** Whether a schema is surely compiled at once: it is small, and no keyword of it can multiply what there is to do. */
export function isQuick(schema: JsonObject): boolean {
  return weightOf(schema) !== undefined;
}

/** Whether an input is surely checked by it at once. */
export function isQuickWith(schema: JsonObject, input: Json): boolean {
  const weight = weightOf(schema);
  return weight !== undefined && weight * JSON.stringify(input).length <= MAX_WEIGHT;
}

function weightOf(schema: JsonObject): number | undefined {
  // Names of properties and what is required are code, too.
  let weight = JSON.stringify(schema).length / CHARACTERS_A_SCHEMA;
  if (weight > MAX_SCHEMAS) return undefined;
  for (const { node, path } of schemaPlaces(schema)) {
    if (path.length > MAX_DEPTH || mayMultiply(node)) return undefined;
    weight += 1;
    if (weight > MAX_SCHEMAS) return undefined;
  }
  return weight;
}

function mayMultiply(node: JsonObject): boolean {
  const { format, enum: choices, const: constant } = node;
  return (
    SLOW_KEYWORDS.some((keyword) => Object.hasOwn(node, keyword)) ||
    (format !== undefined && !QUICK_FORMATS.has(String(format))) ||
    isObject(constant) ||
    (Array.isArray(choices) && (choices.length > MAX_CHOICES || choices.some(isObject)))
  );
}

function isObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

import type { Json, JsonObject } from '../contract/index.ts';

/** A schema within a schema. */
export interface ChildSchema {
  node: Json;
  keyword: string;
  /** From the schema that holds it. */
  path: string[];
  /** Applies to a part of the value, not to the value itself. */
  isDeeper: boolean;
}

const IN_PLACE = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
]);
const ONE = [
  'not',
  'if',
  'then',
  'else',
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
];
const ONE_MORE = ['unevaluatedItems', 'unevaluatedProperties', 'contentSchema'];
const LISTED = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const NAMED = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'];

/** Whether a value may be a schema with keywords; a schema may also be a boolean. */
export function isSchemaObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas that a schema's keywords hold, those of any draft. What is data (`enum`, `default`) is passed over. */
export function childSchemas(node: JsonObject): ChildSchema[] {
  const children: ChildSchema[] = [];
  const add = (keyword: string, path: string[], child: Json | undefined) => {
    if (child === undefined || !isSchemaObject(child)) return;
    children.push({ node: child, keyword, path, isDeeper: !IN_PLACE.has(keyword) });
  };
  for (const keyword of [...ONE, ...ONE_MORE]) add(keyword, [keyword], node[keyword]);
  for (const keyword of LISTED) {
    const list = node[keyword];
    if (Array.isArray(list))
      for (const [index, child] of list.entries()) add(keyword, [keyword, `${index}`], child);
  }
  for (const keyword of NAMED) {
    const map = node[keyword];
    if (map === undefined || !isSchemaObject(map)) continue;
    for (const [name, child] of Object.entries(map)) add(keyword, [keyword, name], child);
  }
  return children;
}

/** Every schema in a schema, itself first, with its path. */
export function* schemaPlaces(schema: JsonObject): Generator<{ node: JsonObject; path: string[] }> {
  const open: { node: JsonObject; path: string[] }[] = [{ node: schema, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    const { path } = next;
    for (const child of childSchemas(next.node)) {
      open.push({ node: child.node as JsonObject, path: [...path, ...child.path] });
    }
  }
}

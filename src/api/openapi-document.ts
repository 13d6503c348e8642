import type { jsonSchemaTransformObject } from 'fastify-type-provider-zod';

type Transformed = ReturnType<typeof jsonSchemaTransformObject>;

interface Document {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

/**
 * Names the schema of any JSON value, drops component schemas that nothing refers to (each named schema comes in a
 * twin for input and output), marks the bodies that may be left out, and says something in every description.
 */
export function tidyDocument(transformed: Transformed): Transformed {
  const document = nameJson(transformed as Document);
  const paths = tidyPaths(document.paths ?? {});
  const schemas: Record<string, unknown> = document.components?.schemas ?? {};
  const used = reachable(paths, schemas);
  const kept = Object.entries(schemas)
    .filter(([name]) => used.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...document,
    paths,
    components: { ...document.components, schemas: Object.fromEntries(kept) },
  } as Transformed;
}

const ANY_JSON = /^#\/components\/schemas\/(__shared#\/\$defs\/)?schema\d+$/;

/** zod writes "any JSON value" as a recursive definition, referred to at places that no document has. */
function nameJson(document: Document): Document {
  const text = JSON.stringify(document, (key, value) => {
    if (key === '$defs') return undefined;
    return key === '$ref' && ANY_JSON.test(value) ? '#/components/schemas/Json' : value;
  });
  const named: Document = JSON.parse(text);
  const schemas = { ...named.components?.schemas, Json: { description: 'Any JSON value.' } };
  return { ...named, components: { ...named.components, schemas } };
}

function reachable(paths: unknown, schemas: Record<string, unknown>): Set<string> {
  const used = new Set<string>();
  const visit = (value: unknown) => {
    for (const [, name] of JSON.stringify(value ?? null).matchAll(REFERENCE)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(paths);
  return used;
}

interface Operation {
  requestBody?: { required?: boolean };
  responses?: Record<string, { description: string }>;
  'x-optional-body'?: boolean;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Accepted; what comes of it is in the events.',
  204: 'Done.',
};

function tidyPaths(paths: Record<string, Record<string, Operation>>) {
  return mapValues(paths, (methods) => mapValues(methods, tidyOperation));
}

function tidyOperation({ 'x-optional-body': optional, ...operation }: Operation): Operation {
  return {
    ...operation,
    ...(optional && operation.requestBody && { requestBody: { ...operation.requestBody, required: false } }),
    responses: Object.fromEntries(
      Object.entries(operation.responses ?? {}).map(([status, response]) => [
        status,
        response.description === 'Default Response'
          ? { ...response, description: DESCRIPTIONS[status] ?? 'An answer.' }
          : response,
      ]),
    ),
  };
}

function mapValues<T, R>(object: Record<string, T>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

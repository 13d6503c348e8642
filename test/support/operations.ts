import type { FastifyInstance } from 'fastify';
import type { Scope } from '../../src/contract/index.ts';

export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  [keyword: string]: unknown;
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  schema: Schema;
  required?: boolean;
}

/** One operation of the OpenAPI document. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  tags: string[];
  scope: Scope | undefined;
  parameters: Parameter[];
  body: { required: boolean; schema: Schema } | undefined;
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}

// biome-ignore lint/suspicious/noExplicitAny: a document is read as it is.
export type OpenApiDocument = any;

/** The document that the app serves, and its operations. */
export async function readOperations(
  app: FastifyInstance,
): Promise<{ document: OpenApiDocument; operations: Operation[] }> {
  const document = (await app.inject('/openapi.json')).json();
  const operations = Object.entries<OpenApiDocument>(document.paths).flatMap(([path, methods]) =>
    Object.entries<OpenApiDocument>(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      tags: operation.tags,
      scope: operation['x-required-scope'],
      parameters: operation.parameters ?? [],
      body: operation.requestBody && {
        required: operation.requestBody.required,
        schema: operation.requestBody.content['application/json'].schema,
      },
      responses: operation.responses,
    })),
  );
  return { document, operations };
}

/** A value that no reading of the schema takes. */
export function wrongValue(schema: Schema): unknown {
  const readings = [schema, ...(schema.anyOf ?? [])];
  return readings.some(({ type, enum: values }) => type === 'string' || values !== undefined) ? 7 : 'wrong';
}

/** Whether the schema takes null. */
export function isNullable({ type, anyOf }: Schema): boolean {
  return type === 'null' || (anyOf ?? []).some(isNullable);
}

/** The schema of an object that may also be null. */
export function objectOf(schema: Schema): Schema {
  return schema.anyOf?.find(({ type }) => type === 'object') ?? schema;
}

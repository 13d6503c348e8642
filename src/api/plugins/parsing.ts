import { isUtf8 } from 'node:buffer';
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { Api } from '../deps.ts';
import { ApiProblem, boundedFaults, type Fault } from '../problems.ts';
import { declaredNames, faultsOf, hostileJson } from '../request-faults.ts';
import { isSecretPath } from '../vendor-paths.ts';

const PART_NAMES: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/** Bodies are JSON or nothing; every part of a request is checked by its zod schema. */
export function registerParsing(app: Api): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseJson(body as Buffer, isSecretPath(request.url)));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  app.setValidatorCompiler(validator);
}

/** The body `null`, which is another than none: Fastify hands over `null` where there is no body. */
const NULL_BODY = Symbol('null');

/** The JSON of a body; undefined when it is empty. Throws {@link ApiProblem}. */
function parseJson(body: Buffer, isDiscreet: boolean): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new ApiProblem('malformed_json', 'The body is not UTF-8.');
  const value = parseText(body.toString('utf8'));
  if (value === null) return NULL_BODY;
  const fault = hostileJson(value, isDiscreet);
  if (fault !== undefined) throw invalidRequest([fault]);
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiProblem('malformed_json', `The body cannot be parsed: it is no JSON${placeOf(error)}.`);
  }
}

/** Where the fault is. The engine's own message quotes the body, which may hold a password. */
function placeOf(error: unknown): string {
  const place =
    error instanceof Error ? / at position \d+( \(line \d+ column \d+\))?/.exec(error.message) : null;
  return place?.[0] ?? '';
}

/** 400 with every fault by path. */
export function invalidRequest(errors: Fault[]): ApiProblem {
  const paths = [...new Set(boundedFaults(errors.slice(0, 5)).map(({ path }) => path))].join(', ');
  return new ApiProblem('validation_failed', `Mend ${paths} and send the request again.`, { errors });
}

const validator: FastifySchemaCompiler<z.ZodType> = ({ schema, url, httpPart }) => {
  const discreet = isSecretPath(url ?? '') ? declaredNames(schema) : undefined;
  const part = PART_NAMES[httpPart ?? 'body'] ?? 'body';
  return (data: unknown) => {
    const result = schema.safeParse(data === NULL_BODY ? null : (data ?? undefined));
    if (result.success) return { value: result.data };
    if (data === undefined || data === null) {
      return { error: invalidRequest([{ path: part, message: 'is required' }]) };
    }
    return { error: invalidRequest(faultsOf(part, result.error.issues, discreet)) };
  };
};

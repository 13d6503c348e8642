import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { default as formats } from 'ajv-formats';
import type { JsonObject } from '../contract/index.ts';
import { boundedRegExp } from './bounded-regexp.ts';
import type { FieldProblem } from './schema-problems.ts';

/** What a check found. */
export type Verdict = { ok: true } | { ok: false; problems: FieldProblem[] };

/** Checks an input against a JSON Schema (draft 2020-12); problems are named by dotted path. Never throws. */
export type ValidateInput = (schema: JsonObject, input: unknown) => Verdict;

const MAX_COMPILED = 200;
const MAX_SCHEMA_CHARACTERS = 65_536;

/** Makes a validator that keeps its 200 most recently used schemas compiled. */
export function createInputValidator(): ValidateInput {
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(schema: JsonObject): ValidateFunction {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? compile(schema);
    compiled.delete(key);
    compiled.set(key, validate);
    const oldest = compiled.keys().next();
    if (compiled.size > MAX_COMPILED && !oldest.done) compiled.delete(oldest.value);
    return validate;
  }

  return (schema, input) => {
    try {
      const validate = validatorOf(schema);
      return validate(input) === true ? { ok: true } : failed((validate.errors ?? []).map(problemOf));
    } catch (error) {
      return failed([{ path: '', message: `cannot be checked: ${messageOf(error)}` }]);
    }
  };
}

/**
 * Refuses what is no usable input schema of a tool: not valid JSON Schema (draft 2020-12), not of `type: object`,
 * asynchronous, referring to what is not in it, or longer than 64 KiB.
 */
export function validateToolSchema(schema: JsonObject): Verdict {
  if (schema['type'] !== 'object') {
    return failed([{ path: 'type', message: 'must be "object": the input of a tool is an object' }]);
  }
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS) {
    return failed([
      { path: '', message: `is too long; at most ${MAX_SCHEMA_CHARACTERS} characters of JSON` },
    ]);
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  if (ajv.validateSchema(withoutDialect(schema)) !== true) return failed((ajv.errors ?? []).map(problemOf));
  try {
    compile(schema);
    return { ok: true };
  } catch (error) {
    return failed([{ path: '', message: messageOf(error) }]);
  }
}

/** Each schema gets an instance of its own: an `$id` of one must neither clash with another's nor be kept for ever. */
function compile(schema: JsonObject): ValidateFunction {
  const regExp = Object.assign(boundedRegExp, { code: 'boundedRegExp' });
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    meta: false,
    validateSchema: false,
    logger: false,
    code: { regExp },
  });
  formats.default(ajv);
  const validate = ajv.compile(withoutDialect(schema));
  if ('$async' in validate) throw new Error('an asynchronous schema ($async) cannot be used');
  return validate;
}

/** Draft 7 is what many generators still name; such schemas mean the same in 2020-12 as far as tools use them. */
function withoutDialect(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = schema;
  return rest;
}

function problemOf(error: ErrorObject): FieldProblem {
  const at = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const { missingProperty, additionalProperty, allowedValues } = error.params;
  if (typeof missingProperty === 'string')
    return { path: [...at, missingProperty].join('.'), message: 'is required' };
  if (typeof additionalProperty === 'string') {
    return { path: [...at, additionalProperty].join('.'), message: 'is not a known field' };
  }
  const choice = Array.isArray(allowedValues)
    ? `: ${allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
    : '';
  return { path: at.join('.'), message: `${error.message ?? error.keyword}${choice}` };
}

function failed(problems: FieldProblem[]): Verdict {
  return { ok: false, problems };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { SchemaValidateFunction } from 'ajv/dist/types/index.js';
import { default as formats } from 'ajv-formats';
import type { JsonObject } from '../contract/index.ts';
import { canonicalJson } from '../digest.ts';
import { readerFor, type SchemaReader, withoutDialect, writtenRegExp } from './schema-dialect.ts';
import { schemaLimitProblems } from './schema-limits.ts';
import type { FieldProblem } from './schema-problems.ts';

/** What a check found. `isTooCostly`: nothing, because it took too long; it would again. */
export type Verdict = { ok: true } | { ok: false; problems: FieldProblem[]; isTooCostly?: true };

/**
 * Checks an input against a JSON Schema, in the dialect that it names (default 2020-12); problems are named by dotted path. Never
 * throws. Takes as long as the schema and the input make it: those of others are checked by a {@link SchemaChecker}.
 */
export type ValidateInput = (schema: JsonObject, input: unknown) => Verdict;

const MAX_COMPILED = 200;
/** Most problems that are told of one input, and the longest text on each. */
const MAX_PROBLEMS = 20;
const MAX_MESSAGE = 500;

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
      return validate(input) === true ? { ok: true } : failedBy(validate.errors);
    } catch (error) {
      return failed([{ path: '', message: `cannot be checked: ${clipped(messageOf(error))}` }]);
    }
  };
}

/** Makes what refuses a schema that is no usable input schema of a tool. */
export function createSchemaValidator(): (schema: JsonObject) => Verdict {
  // The schema of schemas is compiled once for each dialect.
  const judges = new Map<SchemaReader, Judge>();
  const judgeOf = (Reader: SchemaReader): Judge => {
    const judge = judges.get(Reader) ?? createJudge(Reader);
    judges.set(Reader, judge);
    return judge;
  };
  return (schema) => validateToolSchema(schema, judgeOf);
}

type Judge = InstanceType<SchemaReader>;

function createJudge(Reader: SchemaReader): Judge {
  return new Reader({ strict: false, allErrors: true, logger: false });
}

/**
 * Refuses what is no usable input schema of a tool: not valid JSON Schema of its dialect, not of `type: object`,
 * asynchronous, referring to what is not in it, or beyond the limits.
 */
export function validateToolSchema(
  schema: JsonObject,
  judgeOf: (Reader: SchemaReader) => Judge = createJudge,
): Verdict {
  if (schema['type'] !== 'object') {
    return failed([{ path: 'type', message: 'must be "object": the input of a tool is an object' }]);
  }
  const limits = schemaLimitProblems(schema);
  if (limits.length > 0) return failed(limits);
  const judge = judgeOf(readerFor(schema));
  if (judge.validateSchema(withoutDialect(schema)) !== true) return failedBy(judge.errors);
  try {
    compile(schema);
    return { ok: true };
  } catch (error) {
    return failed([{ path: '', message: messageOf(error) }]);
  }
}

/** Each schema gets an instance of its own: an `$id` of one must neither clash with another's nor be kept for ever. */
function compile(schema: JsonObject): ValidateFunction {
  const regExp = Object.assign(writtenRegExp, { code: 'writtenRegExp' });
  const Reader = readerFor(schema);
  const ajv = new Reader({
    strict: false,
    allErrors: true,
    meta: false,
    validateSchema: false,
    logger: false,
    code: { regExp },
    // In place, each reference to a long definition would make the code longer by all of it.
    inlineRefs: false,
  });
  formats.default(ajv);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: hasUniqueItems });
  const validate = ajv.compile(withoutDialect(schema));
  if ('$async' in validate) throw new Error('an asynchronous schema ($async) cannot be used');
  return validate;
}

/** In time that grows with the array; the library's own compares each item with each. */
const hasUniqueItems: SchemaValidateFunction = (isWanted: boolean, items: unknown[]): boolean => {
  if (!isWanted || new Set(items.map(canonicalJson)).size === items.length) return true;
  hasUniqueItems.errors = [{ keyword: 'uniqueItems', params: {}, message: 'must NOT have duplicate items' }];
  return false;
};

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
  return { path: at.join('.'), message: clipped(`${error.message ?? error.keyword}${choice}`) };
}

/** The first problems; of more it is said that there are more. */
function failedBy(errors: ErrorObject[] | null | undefined): Verdict {
  const all = errors ?? [];
  const told = all.slice(0, MAX_PROBLEMS).map(problemOf);
  const more = all.length - told.length;
  return failed(more > 0 ? [...told, { path: '', message: `has ${more} more problems` }] : told);
}

function clipped(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

function failed(problems: FieldProblem[]): Verdict {
  return { ok: false, problems };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Json, JsonObject } from '../contract/index.ts';
import type { FieldProblem } from './schema-problems.ts';
import { childSchemas, isSchemaObject, schemaPlaces } from './schema-walk.ts';

/** Longest schema, in UTF-16 units of its JSON. */
const MAX_CHARACTERS = 65_536;
const MAX_DEPTH = 64;
const MAX_REFERENCES = 256;
const MAX_PATTERNS = 128;
const MAX_PATTERN = 1_000;
const MAX_CHOICES = 2_000;
const MAX_BRANCHES = 256;
/** Most subschemas that apply to an input, references followed: what doubles with each reference is far above. */
const MAX_APPLIED = 20_000;
/** Longest chain of schemas, each within the one before or referred to by it. */
const MAX_CHAIN = 1_000;

/**
 * What makes a schema too costly to check inputs against, whatever they are; each problem names its place and the limit.
 * Takes time in proportion to the schema. An input can be costly all the same: it is checked where that can be ended.
 */
export function schemaLimitProblems(schema: JsonObject): FieldProblem[] {
  const deep = tooDeep(schema);
  // Deeper than that nothing else is walked.
  if (deep !== undefined) return [deep];
  if (JSON.stringify(schema).length > MAX_CHARACTERS) {
    return [{ path: '', message: `is too long; at most ${MAX_CHARACTERS} characters of JSON` }];
  }
  const counted = countProblems(schema);
  return counted.length > 0 ? counted : appliedProblems(schema);
}

function tooDeep(schema: JsonObject): FieldProblem | undefined {
  const open: { value: object; path: string[] }[] = [{ value: schema, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.path.length > MAX_DEPTH) {
      return {
        path: next.path.slice(0, 8).join('.'),
        message: `is nested deeper than ${MAX_DEPTH} levels`,
      };
    }
    for (const [key, child] of Object.entries(next.value)) {
      if (typeof child === 'object' && child !== null) open.push({ value: child, path: [...next.path, key] });
    }
  }
  return undefined;
}

/** Counts what is costly each; the place named is that of the first one that is too many. */
function countProblems(schema: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const references = limitOf('reference', MAX_REFERENCES);
  const patterns = limitOf('pattern', MAX_PATTERNS);
  for (const { node, path } of schemaPlaces(schema)) {
    const tell = (at: string[], message: string | undefined) => {
      if (message !== undefined) problems.push({ path: [...path, ...at].join('.'), message });
    };
    for (const keyword of REFERENCES) if (Object.hasOwn(node, keyword)) tell([keyword], references());
    for (const [at, pattern] of patternsOf(node)) {
      tell(at, pattern.length > MAX_PATTERN ? `is too long; at most ${MAX_PATTERN} characters` : patterns());
    }
    for (const [keyword, most] of LISTS) tell([keyword], listFault(node[keyword], most));
  }
  return problems.slice(0, MAX_TOLD);
}

/** Says so once when it was asked more often than there may be of something. */
function limitOf(what: string, most: number): () => string | undefined {
  let count = 0;
  return () => {
    count += 1;
    return count === most + 1 ? `is one ${what} too many; at most ${most}` : undefined;
  };
}

function listFault(list: Json | undefined, most: number): string | undefined {
  if (!Array.isArray(list) || list.length <= most) return undefined;
  return `has ${list.length} entries; at most ${most}`;
}

const MAX_TOLD = 20;
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
const LISTS: readonly (readonly [keyword: string, most: number])[] = [
  ['enum', MAX_CHOICES],
  ['required', MAX_CHOICES],
  ['allOf', MAX_BRANCHES],
  ['anyOf', MAX_BRANCHES],
  ['oneOf', MAX_BRANCHES],
  ['prefixItems', MAX_BRANCHES],
];

function patternsOf(node: JsonObject): [path: string[], pattern: string][] {
  const { pattern, patternProperties } = node;
  const names =
    typeof patternProperties === 'object' && patternProperties !== null ? Object.keys(patternProperties) : [];
  return [
    ...(typeof pattern === 'string' ? [[['pattern'], pattern] as [string[], string]] : []),
    ...names.map((name): [string[], string] => [['patternProperties', name.slice(0, 100)], name]),
  ];
}

/**
 * How many subschemas apply to an input that has everything once. A reference counts as often as it is followed; one that
 * leads back to where it came from counts once, unless it does so without going into the input: that would never end.
 */
function appliedProblems(schema: JsonObject): FieldProblem[] {
  const find = finder(schema);
  const costs = new Map<Json, number>();
  /** The schemas that lead here, each with how far into the input it is. */
  const leading = new Map<Json, number>();
  const problems: FieldProblem[] = [];
  const report = (path: string[], message: string) => problems.push({ path: path.join('.'), message });

  function costOf(node: JsonObject, level: number, path: string[]): number {
    const known = costs.get(node);
    if (known !== undefined) return known;
    if (leading.size >= MAX_CHAIN) report(path, `is reached over more than ${MAX_CHAIN} schemas`);
    leading.set(node, level);
    let cost = 1;
    for (const child of appliedTo(node, find)) {
      // One is enough, and what is too costly is not followed.
      if (problems.length > 0) return cost;
      cost += costOfChild(child, child.isDeeper ? level + 1 : level, [...path, ...child.path]);
    }
    leading.delete(node);
    costs.set(node, cost);
    if (cost > MAX_APPLIED) {
      report(path, `applies more than ${MAX_APPLIED} schemas to an input: its references multiply`);
    }
    return cost;
  }

  function costOfChild({ node }: Applied, level: number, path: string[]): number {
    const begun = leading.get(node);
    if (begun === undefined) return isSchemaObject(node) ? costOf(node, level, path) : 1;
    if (begun === level) report(path, 'refers to itself without end');
    return 1;
  }

  costOf(schema, 0, []);
  return problems;
}

interface Applied {
  node: Json;
  path: string[];
  /** Applies to a part of the value, not to the value itself. */
  isDeeper: boolean;
}

function appliedTo(node: JsonObject, find: (reference: string) => Json | undefined): Applied[] {
  const children = childSchemas(node).filter(
    ({ keyword }) => keyword !== '$defs' && keyword !== 'definitions',
  );
  const referred = REFERENCES.flatMap((keyword): Applied[] => {
    const reference = node[keyword];
    const target = typeof reference === 'string' ? find(reference) : undefined;
    return target === undefined ? [] : [{ node: target, path: [keyword], isDeeper: false }];
  });
  return [
    ...children.map(({ node: child, path, isDeeper }) => ({ node: child, path, isDeeper })),
    ...referred,
  ];
}

/** Finds what a reference within the schema means: a pointer, an anchor, an id. */
function finder(schema: JsonObject): (reference: string) => Json | undefined {
  const named = new Map<string, Json>();
  for (const { node } of schemaPlaces(schema)) {
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      if (typeof node[keyword] === 'string') named.set(`#${node[keyword]}`, node);
    }
    if (typeof node['$id'] === 'string') named.set(node['$id'], node);
  }
  return (reference) => {
    const known = named.get(reference);
    if (known !== undefined) return known;
    const [base = '', pointer = ''] = reference.split('#');
    const root = base === '' ? schema : named.get(base);
    if (pointer !== '' && !pointer.startsWith('/')) return named.get(`#${pointer}`);
    return pointer
      .split('/')
      .slice(1)
      .reduce<Json | undefined>((value, part) => at(value, unescaped(part)), root);
  };
}

function at(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as JsonObject)[key];
}

function unescaped(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    // Not percent-encoded, then.
    return plain;
  }
}

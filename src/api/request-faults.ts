import { z } from 'zod';
import type { Fault } from './problems.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;
const MAX_DEPTH = 100;

/** `body` and `['clientTools', 0, 'name']` → `body.clientTools[0].name`. */
export function pathOf(part: string, path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    return PLAIN_KEY.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, part);
}

/** `body.input` and `options.0.depth` → `body.input.options[0].depth`; an empty path is the whole value. */
export function dottedPath(part: string, dotted: string): string {
  const keys = dotted === '' ? [] : dotted.split('.');
  return pathOf(
    part,
    keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
  );
}

/** Names of fields that a schema declares: these may be told, for nobody else chose them. */
export interface DeclaredNames {
  /** At whatever depth. */
  all: ReadonlySet<string>;
  /** Of the value itself. */
  own: readonly string[];
}

/** All names of fields in a schema. */
export function declaredNames(schema: z.ZodType): DeclaredNames {
  const all = new Set<string>();
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const open: unknown[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isContainer(next)) continue;
    const { properties } = next as { properties?: unknown };
    if (isContainer(properties)) for (const name of Object.keys(properties)) all.add(name);
    open.push(...Object.values(next).filter(isContainer));
  }
  return { all, own: Object.keys(root.properties ?? {}) };
}

/** Keys of a record, and unknown fields, are the caller's words, and one of them may be a password in the wrong place. */
function discreetFault(part: string, issue: Issue, { all, own }: DeclaredNames): Fault {
  const path = issue.path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return all.has(String(key)) ? pathOf(text, [key]) : `${text}[*]`;
  }, part);
  if (issue.code !== 'unrecognized_keys') return { path, message: issue.message };
  const count = issue.keys.length;
  const known = issue.path.length === 0 && own.length > 0 ? `; there are: ${own.join(', ')}` : '';
  const fields = count === 1 ? 'a field of a name that is' : `${count} fields of names that are`;
  return { path, message: `has ${fields} not known here${known}` };
}

/** Every fault of a part of the request; each unknown field is one of its own. `discreet`: none repeats what was sent. */
export function faultsOf(part: string, issues: readonly Issue[], discreet?: DeclaredNames): Fault[] {
  if (discreet) return issues.map((issue) => discreetFault(part, issue, discreet));
  return issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: pathOf(part, [...issue.path, key]),
        message: 'there is no field of this name',
      }));
    }
    return [{ path: pathOf(part, issue.path), message: issue.message }];
  });
}

/** Checking each of more would take a noticeable time. */
const MAX_FIELDS = 10_000;

/**
 * What no schema looks at: keys that reach into prototypes, and nesting so deep that recursive code would overflow.
 * Walks without recursion and stops at the first fault. `isDiscreet`: which repeats no key on the way to it.
 */
export function hostileJson(value: unknown, isDiscreet = false): Fault | undefined {
  const open: { value: object; path: Path }[] = isContainer(value) ? [{ value, path: [] }] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    if (path.length > MAX_DEPTH) {
      return { path: 'body', message: `is nested deeper than ${MAX_DEPTH} levels` };
    }
    const fault = Array.isArray(next.value) ? undefined : fieldsFault(next.value, path, isDiscreet);
    if (fault !== undefined) return fault;
    for (const [key, child] of childrenOf(next.value)) {
      if (isContainer(child)) open.push({ value: child, path: [...path, key] });
    }
  }
  return undefined;
}

function fieldsFault(value: object, path: Path, isDiscreet: boolean): Fault | undefined {
  const forbidden = forbiddenKey(value);
  if (forbidden !== undefined) return forbiddenFault([...path, forbidden], isDiscreet);
  if (Object.keys(value).length <= MAX_FIELDS) return undefined;
  return { path: 'body', message: `has an object with more than ${MAX_FIELDS} fields` };
}

function childrenOf(value: object): Iterable<[string | number, unknown]> {
  return Array.isArray(value) ? value.entries() : Object.entries(value);
}

function forbiddenFault(path: Path, isDiscreet: boolean): Fault {
  const message = 'is a key that is not allowed anywhere';
  if (!isDiscreet) return { path: pathOf('body', path), message };
  return { path: 'body', message: `holds "${String(path.at(-1))}", which ${message}` };
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function forbiddenKey(object: object): string | undefined {
  if (Object.hasOwn(object, '__proto__')) return '__proto__';
  const made: unknown = Object.hasOwn(object, 'constructor') ? object.constructor : undefined;
  return isContainer(made) && Object.hasOwn(made, 'prototype') ? 'constructor' : undefined;
}

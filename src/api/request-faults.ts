import type { z } from 'zod';
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

/** Every fault of a part of the request; each unknown field is one of its own. */
export function faultsOf(part: string, issues: readonly Issue[]): Fault[] {
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

/**
 * What no schema looks at: keys that reach into prototypes, and nesting so deep that recursive code would overflow.
 * Walks without recursion and stops at the first fault.
 */
export function hostileJson(value: unknown): Fault | undefined {
  const open: { value: object; path: Path }[] = isContainer(value) ? [{ value, path: [] }] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    if (path.length > MAX_DEPTH) {
      return { path: 'body', message: `is nested deeper than ${MAX_DEPTH} levels` };
    }
    const forbidden = forbiddenKey(next.value);
    if (forbidden !== undefined) {
      return { path: pathOf('body', [...path, forbidden]), message: 'is a key that is not allowed anywhere' };
    }
    const isList = Array.isArray(next.value);
    for (const [key, child] of Object.entries(next.value)) {
      if (isContainer(child)) open.push({ value: child, path: [...path, isList ? Number(key) : key] });
    }
  }
  return undefined;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function forbiddenKey(object: object): string | undefined {
  if (Object.hasOwn(object, '__proto__')) return '__proto__';
  const made: unknown = Object.hasOwn(object, 'constructor') ? object.constructor : undefined;
  return isContainer(made) && Object.hasOwn(made, 'prototype') ? 'constructor' : undefined;
}

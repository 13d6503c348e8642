import type { Json, JsonObject, Subject, Subjects } from '../../contract/index.ts';
import type { Globs } from './glob.ts';
import { allowsUrl, catchesUrl } from './url-glob.ts';
import { webUrlOf } from './web-url.ts';

/*
 * A policy judges the value that a tool will use. What an argument stands for is declared by the tool and pinned with its
 * catalogue; where nothing is declared, it is read as all that it could be.
 */

/**
 * Whether an argument fits a glob. `every`, for what allows: all that the argument may mean fits. `some`, for what denies
 * or asks: one of it does.
 */
export function fitsGlob(
  input: JsonObject,
  path: string,
  pattern: string,
  { subjects, meanings, globs }: { subjects: Subjects; meanings: 'every' | 'some'; globs: Globs },
): boolean {
  const subject = Object.hasOwn(subjects, path) ? subjects[path] : undefined;
  const found = valuesAt(input, path.split('.'));
  const values = found.length > 0 || subject?.default === undefined ? found : [subject.default];
  if (values.length === 0) return false;
  return meanings === 'every'
    ? values.every((value) => allows(pattern, textOf(value), subject, globs))
    : values.some((value) => catches(pattern, textOf(value), subject, globs));
}

/** Everything that a dotted path may mean: `a.b` is the key `a.b` as well as `b` in `a`. Neither hides the other. */
function valuesAt(value: Json | undefined, keys: string[]): Json[] {
  if (keys.length === 0) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const object = value as JsonObject;
  return keys.flatMap((_, index) => {
    const name = keys.slice(0, index + 1).join('.');
    return Object.hasOwn(object, name) ? valuesAt(object[name], keys.slice(index + 1)) : [];
  });
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function allows(pattern: string, text: string, subject: Subject | undefined, globs: Globs): boolean {
  const fits = globs.narrow(pattern);
  switch (subject?.kind) {
    case 'path': {
      const path = workspacePath(text);
      // The workspace itself has no name that a glob could fit.
      if (path === '.') return /^\*{2,}$/.test(pattern) || fits(path);
      return path === undefined ? [text, normalPath(text)].every(fits) : fits(path);
    }
    case 'url': {
      const url = webUrlOf(text);
      return url !== undefined && allowsUrl(pattern, url, globs);
    }
    case 'name':
      return fits(nameOf(text));
    default: {
      const url = webUrlOf(text);
      return url ? allowsUrl(pattern, url, globs) : [text, normalText(text)].every(fits);
    }
  }
}

function catches(pattern: string, text: string, subject: Subject | undefined, globs: Globs): boolean {
  const fits = globs.wide(pattern);
  const url = subject?.kind === 'path' || subject?.kind === 'name' ? undefined : webUrlOf(text);
  if (url && catchesUrl(pattern, url, globs)) return true;
  switch (subject?.kind) {
    case 'path': {
      const path = workspacePath(text);
      return (path === '.' && /^\*+$/.test(pattern)) || [text, path ?? normalPath(text)].some(fits);
    }
    case 'url':
      return fits(text);
    case 'name':
      return [text, nameOf(text)].some(fits);
    default:
      return [text, normalText(text), normalPath(text)].some(fits);
  }
}

function nameOf(text: string): string {
  return text.trim().toLowerCase();
}

/**
 * The path of a workspace that a file tool uses: without empty and `.` segments, `.` for the workspace itself. Undefined
 * for what such a tool refuses.
 */
export function workspacePath(text: string): string | undefined {
  const segments = pathSegments(text);
  if (text.startsWith('/') || segments.includes('..')) return undefined;
  return segments.join('/') || '.';
}

/** Names on the way that a path leads. */
export function pathSegments(text: string): string[] {
  return text.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** A path without `.`, `..` and doubled slashes; of an address of whatever scheme, what follows that. */
function normalText(text: string): string {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? '';
  return scheme + normalPath(text.slice(scheme.length));
}

/** A path without `.`, `..` and doubled slashes. */
export function normalPath(text: string): string {
  const parts: string[] = [];
  for (const part of pathSegments(text)) {
    const above = part === '..' ? parts.at(-1) : '..';
    if (above === undefined && text.startsWith('/')) continue;
    if (above === undefined || above === '..') parts.push(part);
    else parts.pop();
  }
  return (text.startsWith('/') ? '/' : '') + parts.join('/');
}

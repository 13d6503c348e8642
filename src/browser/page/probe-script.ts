import { readFileSync } from 'node:fs';

/** Files of `probe/`, in no particular order: function declarations are hoisted, and constants stand before any call. */
const FILES = [
  'tree.js',
  'visibility.js',
  'naming.js',
  'groups.js',
  'controls.js',
  'texts.js',
  'captcha.js',
  'layers.js',
  'pressable.js',
  'snapshot.js',
];

/** Expressions to be evaluated in a frame. */
export interface ProbeScript {
  /** Evaluates to a `FrameSnapshot`. */
  snapshot: string;
  /** Evaluates to the element at a path, or null. */
  elementAt(path: string[]): string;
}

/**
 * Reads the probe's files and makes one script of them. As text, so that no transpiler between the source and the
 * page can put a reference into it that does not exist there. Throws an `Error` where two files declare the same name,
 * for one of them would be called in the other's place.
 */
export function loadProbeScript(): ProbeScript {
  const body = FILES.map((file) =>
    withoutModules(readFileSync(new URL(`./probe/${file}`, import.meta.url), 'utf8')),
  );
  assertNamesDiffer(body);
  const run = (call: string) => `(() => { 'use strict';\n${body.join('\n')}\nreturn ${call}; })()`;
  return {
    snapshot: run('takeSnapshot()'),
    elementAt: (path) => run(`elementAt(${JSON.stringify(path)})`),
  };
}

function withoutModules(source: string): string {
  return source.replaceAll(/^import [^;]*;$/gm, '').replaceAll(/^export /gm, '');
}

function assertNamesDiffer(sources: readonly string[]): void {
  const names = sources.flatMap((source) =>
    [...source.matchAll(/^(?:function|const|let) (\w+)/gm)].map(([, name]) => name),
  );
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`Declared in two files of the probe: ${twice.join(', ')}.`);
}

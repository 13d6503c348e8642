import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import, export-from or `import()` of a file. */
export interface Import {
  /** A file of the same set for a relative one, else a package. */
  target: string;
  isRelative: boolean;
  /** Nothing of it is there at run time. */
  isType: boolean;
  /** What is imported by name, without types. */
  values: string[];
}

/** Imports by file; paths are relative to the repository and written with `/`. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** `import … from '…'` and `export … from '…'`, `import '…'`, and `import('…')`, also in a type. */
const FROM = /^[ \t]*(?:import|export)\b(?<what>[^;'"]*?)\bfrom\s*['"](?<from>[^'"]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"](?<from>[^'"]+)['"]/gm;
const CALLED = /\bimport\(\s*['"](?<from>[^'"]+)['"]\s*\)/g;

/** The imports of files, by path. */
export function importGraph(files: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...files].map(([file, text]) => [file, importsOf(file, text)]));
}

/** Every TypeScript file of the folders, and the single files, with its text. */
export function readSources(root: string, folders: string[], single: string[]): Map<string, string> {
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
  );
  return new Map([...found, ...single].sort().map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

function importsOf(file: string, text: string): Import[] {
  const code = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const imports = [...code.matchAll(FROM)].map(({ groups }) =>
    importOf(file, groups?.['from'] ?? '', groups?.['what'] ?? ''),
  );
  const others = [...code.matchAll(BARE), ...code.matchAll(CALLED)];
  return [...imports, ...others.map(({ groups }) => importOf(file, groups?.['from'] ?? '', ''))];
}

function importOf(file: string, from: string, what: string): Import {
  const isRelative = from.startsWith('.');
  const names = (/\{([^}]*)\}/.exec(what)?.[1] ?? '').split(',').map((name) => name.trim());
  return {
    target: isRelative ? posix.join(posix.dirname(file), from) : from,
    isRelative,
    isType: /^\s*type\b/.test(what),
    values: /^\s*type\b/.test(what)
      ? []
      : names
          .filter((name) => name !== '' && !name.startsWith('type '))
          .map((name) => name.split(' ')[0] ?? ''),
  };
}

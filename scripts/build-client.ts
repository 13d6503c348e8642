import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';

/** Makes the modules that pages load of `src/client`: types taken out, imports by address. Nothing is bundled. Into the folder given. */
const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'src/client');
const target = path.resolve(process.argv[2] ?? path.join(root, 'dist/client'));
/** Packages that the client imports: their modules, which import only each other; the first is the package's own. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'eventsource-parser': ['dist/index.js', 'dist/parse.js', 'dist/errors.js'],
};

const made = `${target}.${process.pid}`;
await rm(made, { recursive: true, force: true });
await mkdir(made, { recursive: true });
for (const name of await readdir(source)) {
  if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
  const code = stripTypeScriptTypes(await readFile(path.join(source, name), 'utf8'));
  // A module of types alone is imported by none.
  if (/^\s*(import|export)\b/m.test(code)) {
    await writeFile(path.join(made, name.replace(/\.ts$/, '.js')), withAddresses(code, name));
  }
}
for (const [name, modules] of Object.entries(PACKAGES)) {
  await mkdir(path.join(made, name));
  for (const file of modules) {
    await copyFile(path.join(root, 'node_modules', name, file), path.join(made, name, path.basename(file)));
  }
}
await rm(target, { recursive: true, force: true });
await rename(made, target);

/** A page knows no packages and no TypeScript: what is imported is named by its address. */
function withAddresses(code: string, file: string): string {
  return code.replaceAll(/(\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g, (_, before: string, name: string) => {
    const [own] = PACKAGES[name] ?? [];
    if (own !== undefined) return `${before}'./${name}/${path.basename(own)}'`;
    if (/^\.\/[\w-]+\.ts$/.test(name)) return `${before}'${name.replace(/\.ts$/, '.js')}'`;
    throw new Error(
      `${file} imports ${name} when it runs: a page has src/client and ${Object.keys(PACKAGES)} only.`,
    );
  });
}

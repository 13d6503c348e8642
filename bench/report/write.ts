import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Results } from '../results.ts';
import { OUT, ROOT } from '../system/environment.ts';

const DOCS = path.join(ROOT, 'docs/performance.md');
const BEGIN = '<!-- bench:begin (npm run bench -- --write-docs) -->';
const END = '<!-- bench:end -->';

/** Writes the run to bench/out; answers the file of its figures. */
export async function writeRun(results: Results, text: string): Promise<string> {
  await mkdir(OUT, { recursive: true });
  const file = path.join(OUT, `${results.at.slice(0, 19).replaceAll(':', '')}.json`);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(path.join(OUT, 'latest.md'), text);
  return file;
}

/** Puts the tables between the marks of docs/performance.md. */
export async function writeDocs(text: string): Promise<void> {
  const document = await readFile(DOCS, 'utf8');
  const [before, after] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (before < 0 || after < before) {
    throw new Error(
      `${DOCS} lacks the lines "${BEGIN}" and "${END}", between which the tables go. Put them back.`,
    );
  }
  const head = document.slice(0, before + BEGIN.length);
  await writeFile(DOCS, `${head}\n\n${text}\n${document.slice(after)}`);
}

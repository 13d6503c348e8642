import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Results } from '../results.ts';
import { OUT, ROOT } from '../system/environment.ts';
import type { Report } from './report.ts';

const DOCS = path.join(ROOT, 'docs/performance.md');
const MARKS = {
  turns: { begin: '<!-- bench:begin (npm run bench -- --write-docs) -->', end: '<!-- bench:end -->' },
  cluster: {
    begin: '<!-- bench-cluster:begin (npm run bench -- --only cluster --write-docs) -->',
    end: '<!-- bench-cluster:end -->',
  },
  auth: {
    begin: '<!-- bench-auth:begin (npm run bench -- --only auth --write-docs) -->',
    end: '<!-- bench-auth:end -->',
  },
} as const;

/** Writes the run to bench/out; answers the file of its figures. */
export async function writeRun(results: Results, text: string): Promise<string> {
  await mkdir(OUT, { recursive: true });
  const file = path.join(OUT, `${results.at.slice(0, 19).replaceAll(':', '')}.json`);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(path.join(OUT, 'latest.md'), text);
  return file;
}

/**
 * Puts the tables between their marks in docs/performance.md; a piece of which nothing was run stays as it is. The marks of
 * managed auth are made behind the others where they are missing.
 */
export async function writeDocs({ turns, cluster, auth }: Report): Promise<void> {
  let document = await readFile(DOCS, 'utf8');
  if (turns !== undefined) document = replaced(document, MARKS.turns, turns);
  if (cluster !== undefined) document = replaced(document, MARKS.cluster, cluster);
  if (auth !== undefined) document = replaced(withAuthMarks(document), MARKS.auth, auth);
  await writeFile(DOCS, document);
}

type Marks = (typeof MARKS)[keyof typeof MARKS];

function replaced(document: string, { begin, end }: Marks, text: string): string {
  const [before, after] = [document.indexOf(begin), document.indexOf(end)];
  if (before < 0 || after < before) {
    throw new Error(
      `${DOCS} lacks the lines "${begin}" and "${end}", between which the tables go. Put them back.`,
    );
  }
  return `${document.slice(0, before + begin.length)}\n\n${text}\n\n${document.slice(after)}`;
}

function withAuthMarks(document: string): string {
  const { begin, end } = MARKS.auth;
  if (document.includes(begin)) return document;
  return document.replace(MARKS.turns.end, `${MARKS.turns.end}\n\n${begin}\n\n${end}`);
}

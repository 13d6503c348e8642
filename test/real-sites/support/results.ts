import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYCLOAK_VERSION } from './keycloak-install.ts';

const DOCUMENT = join(process.cwd(), 'docs/managed-auth.md');

/** What came of one flow on one site. */
export interface ResultRow {
  site: string;
  flow: string;
  /** In a few words; starts with `FAILED` where it did. */
  result: string;
  seconds: number;
  /** How many login forms the site was sent; undefined where that was not counted. */
  posts: number | undefined;
}

/** Rows as a Markdown table, by site in the order of their first appearance. */
export function toTable(rows: readonly ResultRow[]): string {
  const sites = [...new Set(rows.map(({ site }) => site))];
  const lines = sites.flatMap((site) => rows.filter((row) => row.site === site).map(toLine));
  return [
    '| Site | Flow | Result | Seconds | Login POSTs |',
    '| --- | --- | --- | --: | --: |',
    ...lines,
  ].join('\n');
}

function toLine({ site, flow, result, seconds, posts }: ResultRow): string {
  const cells = [site, flow, result, seconds.toFixed(1), String(posts ?? '')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** A section of `docs/managed-auth.md` that a run of the real sites writes. */
export interface Section {
  /** Stands in its markers: `real-sites`. */
  name: string;
  introduction: string;
}

/** Puts the table between the markers of its section; what stands around them stays. */
export function writeResults(
  rows: readonly ResultRow[],
  { name, introduction }: Section = mainSection(),
): void {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const text = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`${DOCUMENT} lacks the lines ${begin} and ${end}, in this order.`);
  const section = `${begin}\n\n${introduction}\n\n${toTable(rows)}\n\n`;
  writeFileSync(DOCUMENT, text.slice(0, from) + section + text.slice(to));
}

function mainSection(): Section {
  const day = new Date().toISOString().slice(0, 10);
  const introduction =
    `Keycloak ${KEYCLOAK_VERSION} and the admin of Django ${djangoVersion()}, driven through the API by \`npm run test:real-sites\` on ${day}, ` +
    'four flows side by side. Seconds are from the beginning of a login to the end of the whole flow, with checks and re-auths; ' +
    'login POSTs are those that the site has counted.';
  return { name: 'real-sites', introduction };
}

function djangoVersion(): string {
  const requirements = readFileSync(join(import.meta.dirname, 'django-requirements.txt'), 'utf8');
  return /django==(\S+)/.exec(requirements)?.[1] ?? '';
}

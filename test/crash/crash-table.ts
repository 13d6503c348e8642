import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHOWN_ELSEWHERE } from './shown-elsewhere.ts';

/** One line of the table: what was killed, or done to turns, and when, how the turns ended, and how long that took. */
export interface CrashRow {
  component: string;
  phase: string;
  turns: number;
  outcome: string;
  /** From the kill, or what was done, to the last turn's end. */
  recoveryMs: number;
}

const FOLDER = 'bench/out';

/** Collects a test file's rows and writes the table of all files' newest rows to `bench/out/crash-table.md`. */
export function createCrashTable(name: string): { add(row: CrashRow): void; publish(): void } {
  const rows: CrashRow[] = [];
  return {
    add: (row) => {
      rows.push(row);
    },
    publish: () => {
      const folder = join(FOLDER, 'crash');
      mkdirSync(folder, { recursive: true });
      writeWhole(join(folder, `${name}.json`), JSON.stringify(rows, undefined, 2));
      const all = readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .toSorted()
        .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as CrashRow[]);
      const table = render(all);
      writeWhole(join(FOLDER, 'crash-table.md'), table);
      process.stdout.write(`\n${table}\n`);
    },
  };
}

function render(rows: CrashRow[]): string {
  const head = ['killed, or done', 'when', 'turns', 'outcome', 'recovered after'];
  const body = rows.map((row) => [
    row.component,
    row.phase,
    String(row.turns),
    row.outcome,
    `${(row.recoveryMs / 1_000).toFixed(1)} s`,
  ]);
  const elsewhere = SHOWN_ELSEWHERE.map(({ what, file, test }) => [what, `\`${file}\``, test]);
  return `${tableOf(head, body)}\n${tableOf(['shown by other suites', 'where', 'test'], elsewhere)}`;
}

function tableOf(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function writeWhole(path: string, text: string): void {
  const partial = `${path}.${process.pid}.part`;
  writeFileSync(partial, text);
  renameSync(partial, path);
}

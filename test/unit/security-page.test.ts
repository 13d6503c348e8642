import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/security.md', 'utf8');
const named = [...page.matchAll(/`((?:test|src|scripts|docs)\/[^`\s]+)`/g)].map(([, path]) => path ?? '');
const rows = page.split('\n').filter((line) => /^\| /.test(line));

describe('the page on security', () => {
  it('names files that are there', () => {
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has a test for every threat that something holds', () => {
    const heads = rows.map((row, index) => ({ row, index })).filter(({ row }) => /\| [Tt]est \|$/.test(row));
    expect(heads.length).toBeGreaterThan(8);
    const lines = page.split('\n');
    for (const { row } of heads) {
      const at = lines.indexOf(row, 0);
      expect(lines[at + 1]).toMatch(/^\|(---\|)+$/);
    }
    const threats = lines.filter((line, index) => /^\| /.test(line) && isOfTests(lines, index));
    for (const threat of threats) expect(threat).toMatch(/`test\/[^`]+`|\| the same \|$/);
  });
});

/** Whether a row belongs to a table whose last column is the test. */
function isOfTests(lines: string[], index: number): boolean {
  let head = index;
  while (/^\|/.test(lines[head - 1] ?? '')) head -= 1;
  return head < index - 1 && /\| [Tt]est \|$/.test(lines[head] ?? '');
}

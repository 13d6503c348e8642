import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NODE, ROOT } from '../../support/environment.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'longturn-client-'));
  const { status, stderr } = spawnSync(NODE, ['scripts/build-client.ts', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the client as pages load it', () => {
  it('is modules that import only each other, and of which each is needed', () => {
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    );
    const needed = new Set<string>();
    const visit = (name: string) => {
      if (needed.has(name)) return;
      needed.add(name);
      const code = readFileSync(path.join(folder, name), 'utf8');
      for (const [, from = ''] of code.matchAll(/^(?:import|export)\b[^'"]*\bfrom\s+['"]([^'"]+)['"]/gm)) {
        expect(from).toMatch(/^\.\/.*\.js$/);
        const next = path.join(path.dirname(name), from);
        expect(existsSync(path.join(folder, next))).toBe(true);
        visit(next);
      }
    };
    visit('index.js');
    expect(all.toSorted()).toEqual([...needed].toSorted());
    expect(needed.size).toBeGreaterThan(10);
  });
});

describe('the client’s sources', () => {
  it('import nothing when they run but each other and the parser of event streams', () => {
    const files = readdirSync(path.join(ROOT, 'src/client')).filter((name) => /(?<!\.d)\.ts$/.test(name));
    const runtime = files.flatMap((name) => {
      const code = readFileSync(path.join(ROOT, 'src/client', name), 'utf8');
      const imports = code.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*\bfrom\s+'([^']+)'/gm);
      return Array.from(imports, ([, from]) => from);
    });
    expect(new Set(runtime.filter((from) => !from?.startsWith('./')))).toEqual(
      new Set(['eventsource-parser']),
    );
  });
});

import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../../support/environment.ts';

interface InstallScripts {
  needed: Record<string, string>;
  refused: Record<string, string>;
}

interface LockedPackage {
  hasInstallScript?: boolean;
  integrity?: string;
  bin?: Record<string, string>;
}

const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const { packages } = json('package-lock.json') as { packages: Record<string, LockedPackage> };
const { needed, refused } = json('scripts/install-scripts.json') as InstallScripts;
const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? path;

describe('scripts of packages', () => {
  it('are each judged: whoever brings one in says whether the set-up runs it, and why', () => {
    const found = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = [...new Set(found.map(([path]) => nameOf(path)))].sort();
    expect([...Object.keys(needed), ...Object.keys(refused)].sort()).toEqual(names);
    for (const reason of Object.values({ ...needed, ...refused })) expect(reason.length).toBeGreaterThan(20);
  });

  it('are not run by npm in this repository, whichever command installs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'longturn-scripts-'));
    try {
      const dependency = join(folder, 'dependency');
      mkdirSync(dependency);
      const ran = join(folder, 'ran');
      const script = `node -e "require('fs').writeFileSync(process.argv[1], '')" "${ran}"`;
      writeFileSync(
        join(dependency, 'package.json'),
        JSON.stringify({ name: 'dependency', version: '1.0.0', scripts: { postinstall: script } }),
      );
      const dependencies = { dependency: 'file:dependency' };
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'house', dependencies }));
      copyFileSync(join(ROOT, '.npmrc'), join(folder, '.npmrc'));
      const { status, stderr } = spawnSync('npm', ['install', '--offline', '--install-links'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(existsSync(join(folder, 'node_modules/dependency/package.json'))).toBe(true);
      expect(existsSync(ran)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the pinned Node', () => {
  it('comes from packages whose bytes the lock file pins, in one version', () => {
    const { optionalDependencies } = json('package.json');
    const nodes = Object.keys(packages).filter((path) => packages[path]?.bin?.['node']);
    expect(nodes.map(nameOf).sort()).toEqual(Object.keys(optionalDependencies).sort());
    expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
    for (const path of nodes) expect(packages[path]?.integrity).toMatch(/^sha512-/);
    expect(process.version).toBe(`v${Object.values(optionalDependencies)[0]}`);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleInto } from './other-code.ts';

/** Below the root, so that the packages of today are found from there. */
const FOLDER = resolve('dist/releases');

/** The source of a released version, as its commit has it. */
export interface LastRelease {
  version: string;
  commit: string;
}

/** Finds the commit in which package.json got the version that it has: the last release. */
export function lastRelease(): LastRelease {
  const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string };
  return releaseOf(version);
}

/** Finds the commit in which package.json got that version. */
export function releaseOf(version: string): LastRelease {
  completeHistory();
  const commits = git('log', `-S"version": "${version}"`, '--format=%H', '--', 'package.json').trim();
  const commit = commits.split('\n').at(-1);
  if (!commit)
    throw new Error(`No commit of this repository made version ${version}: is its history complete?`);
  return { version, commit };
}

/** A shallow clone fetches what it lacks. Throws where it cannot. */
function completeHistory(): void {
  const isShallow = () => git('rev-parse', '--is-shallow-repository').trim() === 'true';
  if (!isShallow()) return;
  try {
    git('fetch', '--quiet', '--unshallow');
  } catch (cause) {
    // Another test may have fetched it at the same time.
    if (!isShallow()) return;
    const message = 'This clone is shallow and has no last release to compare with: git fetch --unshallow.';
    throw new Error(message, { cause });
  }
}

/** Unpacks the source of a release into a folder below the root, once; returns the folder. */
export function unpackRelease({ version, commit }: LastRelease): string {
  const root = join(FOLDER, `${version}-${commit.slice(0, 12)}-${process.pid}`);
  mkdirSync(root, { recursive: true });
  const archive = execFileSync('git', ['archive', commit, 'src', 'package.json'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  execFileSync('tar', ['-x', '-C', root], { input: archive });
  return root;
}

/** The workflow bundle of the last release, built with today's packages and kept. Returns its file. */
export async function releasedBundle(): Promise<string> {
  const release = lastRelease();
  const file = join(FOLDER, `${release.version}-${release.commit.slice(0, 12)}.js`);
  if (existsSync(file)) return file;
  const root = unpackRelease(release);
  try {
    return await bundleInto(root, file);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' });
}

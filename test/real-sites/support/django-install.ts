import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/engine/run-command.ts';
import { installOnce } from './site-cache.ts';
import { SiteError } from './site-error.ts';

const REQUIREMENTS = join(import.meta.dirname, 'django-requirements.txt');
const STEP_TIMEOUT_MS = 5 * 60_000;
const HOW_TO_GET_PYTHON = 'Get it with: apt-get install python3 python3-pip python3-venv';

/** Django, and the Python that runs it. */
export interface InstalledDjango {
  /** To be on PYTHONPATH. */
  folder: string;
  python: string;
}

/**
 * Django from PyPI (or pip's configured index), each package checked against its SHA-256.
 * @throws {SiteError} where Python or pip is missing, or the download fails.
 */
export async function installDjango(): Promise<InstalledDjango> {
  const python = await findPython();
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = await installOnce(`django-${digest}`, async (part) => {
    const pip = await findPip(python, part);
    const exactly = ['--only-binary=:all:', '--no-deps', '--require-hashes', '--requirement', REQUIREMENTS];
    const args = ['-m', 'pip', 'install', '--quiet', '--target', join(part, 'packages'), ...exactly];
    await must(pip, args, 'Django could not be installed by pip');
    rmSync(join(part, 'venv'), { recursive: true, force: true });
  });
  return { folder: join(folder, 'packages'), python };
}

async function findPython(): Promise<string> {
  const check = 'import sys; print(sys.executable if sys.version_info >= (3, 10) else "")';
  const { stdout } = await runCommand('python3', ['-c', check], { timeoutMs: 20_000 });
  const python = stdout.trim();
  if (python) return python;
  throw new SiteError(`Django 5.2 needs Python 3.10 or newer as python3 on the path. ${HOW_TO_GET_PYTHON}`);
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
  if (code !== 0) throw new SiteError(`${fault}:\n${stdout}${stderr}`);
}

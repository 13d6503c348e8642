import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const HOW_TO_GET_IT =
  'Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium), or name its program by LONGTURN_BROWSER_PATH.';

/** There is no Chromium where it was looked for; the message says how to get one. */
export class ChromiumNotFoundError extends Error {
  override name = 'ChromiumNotFoundError';
}

/**
 * Path of the Chromium to run: the one that is given, else the first of `chromium`, `chromium-browser` and
 * `google-chrome` on PATH. Throws {@link ChromiumNotFoundError}.
 */
export async function findChromium(executablePath?: string): Promise<string> {
  if (executablePath !== undefined) {
    if (await isProgram(executablePath)) return executablePath;
    throw new ChromiumNotFoundError(`${executablePath} is not a program that can be run. ${HOW_TO_GET_IT}`);
  }
  const found = (await onPath()) ?? (await firstProgram(ELSEWHERE));
  if (found !== undefined) return found;
  throw new ChromiumNotFoundError(`Managed auth needs Chromium, and there is none on PATH. ${HOW_TO_GET_IT}`);
}

/** The shell is asked, because it knows PATH. */
async function onPath(): Promise<string | undefined> {
  const script = NAMES.map((name) => `command -v ${name}`).join(' || ');
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${script} || true`]);
  const first = stdout.split('\n')[0];
  return first?.startsWith('/') ? first : undefined;
}

async function firstProgram(candidates: string[]): Promise<string | undefined> {
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: both mean no.
    return false;
  }
}

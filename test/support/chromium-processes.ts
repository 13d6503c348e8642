import { readdir, readFile } from 'node:fs/promises';

export interface ChromiumProcess {
  pid: number;
  environment: string;
}

/** The main Chromium processes whose profile is in a folder (Linux). */
export async function chromiumsIn(folder: string): Promise<ChromiumProcess[]> {
  const found: ChromiumProcess[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const commandLine = await readOf(pid, 'cmdline');
    if (!commandLine.includes(`--user-data-dir=${folder}/`) || commandLine.includes('--type=')) continue;
    found.push({ pid: Number(pid), environment: await readOf(pid, 'environ') });
  }
  return found;
}

/** Empty where the process has ended meanwhile. */
async function readOf(pid: string, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}

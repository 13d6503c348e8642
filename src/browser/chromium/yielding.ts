import { access, constants, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getuid } from 'node:process';

const NICE = '/usr/bin/nice';
const SETPRIV = '/usr/bin/setpriv';

/**
 * A program that starts Chromium so that it yields: pages may take every processor, and then nobody heartbeats for the
 * logins behind them. As root Chromium would even put itself before all others; the capability for that is taken from it.
 * Chromium itself where the system has not what that takes, or runs no program from this folder.
 */
export async function yielding(executablePath: string, dir: string): Promise<string> {
  if (!(await isProgram(NICE))) return executablePath;
  const asRoot = getuid?.() === 0 && (await isProgram(SETPRIV));
  const without = asRoot ? `${SETPRIV} --bounding-set=-sys_nice --inh-caps=-sys_nice -- ` : '';
  const script = path.join(dir, 'chromium');
  await writeFile(script, `#!/bin/sh\nexec ${NICE} -n 5 ${without}${quoted(executablePath)} "$@"\n`, {
    mode: 0o700,
  });
  return (await isProgram(script)) ? script : executablePath;
}

async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

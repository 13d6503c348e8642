import { access, constants, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getuid } from 'node:process';

const NICE = '/usr/bin/nice';
const SETPRIV = '/usr/bin/setpriv';

/**
 * Chromium's own parts that nobody sees here: each window would load two pages for its address bar, which costs as much
 * again as a context does. Of two lists of features Chromium takes the last one, so they are added to Playwright's.
 */
const UNSEEN = 'WebUIOmniboxPopup,WebUIOmniboxAimPopup';

/**
 * Writes a program that starts Chromium with a low priority, and returns its path: pages may take every processor, and then
 * the worker could not heartbeat. As root, Chromium would raise its own priority; the capability for that is dropped. Returns
 * Chromium's own path where the system runs no program from this folder.
 */
export async function writeStarter(executablePath: string, dir: string): Promise<string> {
  const nice = (await isProgram(NICE)) ? `${NICE} -n 5 ` : '';
  const asRoot = getuid?.() === 0 && (await isProgram(SETPRIV));
  const without = nice && asRoot ? `${SETPRIV} --bounding-set=-sys_nice --inh-caps=-sys_nice -- ` : '';
  const script = path.join(dir, 'chromium');
  await writeFile(script, starter(`${nice}${without}${quoted(executablePath)}`), { mode: 0o700 });
  return (await isProgram(script)) ? script : executablePath;
}

function starter(command: string): string {
  return `#!/bin/sh
for arg do
  shift
  case $arg in --disable-features=*) arg=$arg,${UNSEEN} ;; esac
  set -- "$@" "$arg"
done
exec ${command} "$@"
`;
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

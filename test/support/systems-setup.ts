import { pathToFileURL } from 'node:url';
import sayHowToGetChromium from './chromium-setup.ts';
import { cleanEnv, NODE, ROOT } from './environment.ts';
import { startProcess } from './processes.ts';

/** What the processes of a system load. */
const LOADED = ['src/engine/start-engine.ts', 'src/process/worker-part.ts', 'src/process/api-part.ts'];

let isDone = false;

/**
 * Fills the cache of compiled code once before the first start of a system: a process that is killed keeps nothing of what
 * it compiled, so that in a fresh clone each start would compile everything again.
 */
// biome-ignore lint/style/noDefaultExport: jest calls the default export of a global set-up.
export default async function setUpSystems(): Promise<void> {
  await sayHowToGetChromium();
  if (isDone) return;
  isDone = true;
  const urls = LOADED.map((file) => pathToFileURL(`${ROOT}/${file}`).href);
  const code = `for (const url of ${JSON.stringify(urls)}) await import(url); await import('playwright-core'); process.exit(0);`;
  const loading = startProcess(NODE, ['--input-type=module', '--eval', code], {
    cwd: ROOT,
    env: cleanEnv({}),
  });
  const { code: exitCode } = await loading.exited;
  if (exitCode !== 0) throw new Error(`The code of a system cannot be loaded:\n${loading.output()}`);
}

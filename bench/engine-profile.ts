// npm run engine:profile: takes the profile by which the engine is built anew, engine/temporal.pgo. It builds the pinned
// server with Go's profiler in it, gives it the plain turns and approvals of the baseline for 25 s, and takes 5 minutes.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';
import { neutralProfile } from '../scripts/supply/neutral-profile.ts';
import { loadConfig } from '../src/config.ts';
import { buildPackages, findGo, VERSION_FLAGS } from '../src/engine/build.ts';
import { MODULE_DIR, PROFILE_FILE } from '../src/engine/pinned-build.ts';
import { freePort } from '../test/support/processes.ts';
import { startBare } from './system/bare.ts';

const SECONDS = 25;
const report = (line: string) => process.stderr.write(`${line}\n`);

// Part of the command line by its name only: its module's internal packages can be imported by nobody else.
const MODULE = 'github.com/temporalio/cli/profiled';

/** A copy of the pinned module with the server's program and the profiler as its own package. */
function writeModule(folder: string): void {
  mkdirSync(folder);
  const goMod = readFileSync(join(MODULE_DIR, 'go.mod'), 'utf8');
  writeFileSync(join(folder, 'go.mod'), goMod.replace(/^module .*$/m, `module ${MODULE}`));
  copyFileSync(join(MODULE_DIR, 'go.sum'), join(folder, 'go.sum'));
  copyFileSync(join(MODULE_DIR, 'profiled/main.go'), join(folder, 'main.go'));
}

async function buildProfiled(folder: string): Promise<string> {
  const { engine } = loadConfig();
  const go = engine.kind === 'embedded' ? await findGo(engine, report) : undefined;
  if (!go) throw new Error('The profile needs Go, and no TEMPORAL_ADDRESS.');
  const moduleDir = join(folder, 'module');
  writeModule(moduleDir);
  const output = join(folder, 'temporal-profiled');
  const title = 'Building the Temporal server with a profiler';
  const isBuilt = await buildPackages(go, report, {
    moduleDir,
    packages: ['.'],
    linkerFlags: VERSION_FLAGS,
    output,
    title,
  });
  if (!isBuilt) throw new Error('It was not built.');
  return output;
}

async function takeProfile(address: string): Promise<Buffer> {
  await using bare = await startBare();
  await bare.run({ kind: 'plain', inFlight: 10, count: 100 });
  report(`Taking a profile of ${SECONDS} s …`);
  const taken = fetch(`http://${address}/debug/pprof/profile?seconds=${SECONDS}`);
  let isTaken = false;
  const profile = taken
    .then(async (answer) => {
      if (!answer.ok) throw new Error(`The profiler answered ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    })
    .finally(() => {
      isTaken = true;
    });
  while (!isTaken) {
    await bare.run({ kind: 'plain', inFlight: 10, count: 60 });
    await bare.run({ kind: 'approval', inFlight: 4, count: 12 });
  }
  return await profile;
}

const folder = mkdtempSync(join(tmpdir(), 'longturn-profile-'));
try {
  const address = `127.0.0.1:${await freePort()}`;
  Object.assign(process.env, { TEMPORAL_CLI_PATH: await buildProfiled(folder), PPROF_ADDRESS: address });
  const profile = neutralProfile(await takeProfile(address));
  writeFileSync(PROFILE_FILE, profile);
  report(`${PROFILE_FILE}: ${profile.length} bytes. The next start builds the engine by it.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

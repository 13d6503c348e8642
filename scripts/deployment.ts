/**
 * npm run deployment -- status | check | promote [<build>] | rollback | off: which build of the workflow code takes new turns.
 * `check` replays what is open, and what has ended last, on the code of this folder.
 */
import path from 'node:path';
import { loadConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { engineElsewhere } from '../src/process/engine-elsewhere.ts';
import { findKeyring } from '../src/process/open-keyring.ts';
import { createStore } from '../src/store/create-store.ts';
import { buildIdOf, deploymentOf } from '../src/temporal/build-id.ts';
import { connectClient } from '../src/temporal/connect.ts';
import { installRuntime } from '../src/temporal/create-worker.ts';
import { createDataConverter } from '../src/temporal/data-converter.ts';
import { createDeployments } from '../src/temporal/deployments.ts';
import { createNames } from '../src/temporal/names.ts';
import { replayRecent } from '../src/temporal/replay-recent.ts';

const BUNDLE_FILE = path.resolve(import.meta.dirname, '../dist/workflow-bundle.js');
const USAGE = 'Usage: npm run deployment -- status | check | promote [<build>] | rollback | off\n';
/** How many open and how many ended workflows are replayed, at most. */
const CHECKED = 500;
/** How many that do not fit are named. */
const NAMED = 20;

const [command, given] = process.argv.slice(2);
const config = loadConfig();
const client = await connectClient(engineElsewhere(config));
const { taskQueue } = await namesOfStore();
const deployments = createDeployments(client, deploymentOf(taskQueue));
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  if (command === 'promote') {
    // Without a name: the build of this folder.
    const buildId = given ?? (await buildIdOf(BUNDLE_FILE));
    await deployments.promote(buildId);
    say(`Build ${buildId} is current: new turns go to it.`);
  } else if (command === 'rollback') {
    say(`Build ${await deployments.rollBack()} is current again.`);
  } else if (command === 'check') {
    await check();
  } else if (command === 'off') {
    await deployments.leave();
    say('Turns are kept to no build: workers without LONGTURN_WORKER_VERSIONING take them.');
  } else if (command === 'status') {
    const builds = await deployments.builds();
    if (builds.length === 0) say('No worker with LONGTURN_WORKER_VERSIONING=on has polled yet.');
    for (const { buildId, status, openTurns } of builds) {
      say(`${buildId}  ${status.padEnd(8)}  ${openTurns} turns`);
    }
  } else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await client.connection.close();
}

async function check(): Promise<void> {
  installRuntime(createLogger({ level: 'silent' }));
  const dataConverter = createDataConverter(await findKeyring(config));
  const histories = { client, taskQueue, bundleFile: BUNDLE_FILE, dataConverter, most: CHECKED };
  const { replayed, faults } = await replayRecent(histories);
  for (const { workflowId, reason } of faults.slice(0, NAMED)) say(`${workflowId}: ${reason}`);
  say(`${replayed} workflows replayed on this code; it cannot go on with ${faults.length}.`);
  if (faults.length > 0) process.exitCode = 1;
}

async function namesOfStore() {
  await using store = await createStore(config.store);
  return createNames(await store.installation.get());
}

/** npm run deployment -- status | promote [<build>] | rollback | off: which build of the workflow code takes new turns. */
import path from 'node:path';
import { loadConfig } from '../src/config.ts';
import { engineElsewhere } from '../src/process/engine-elsewhere.ts';
import { createStore } from '../src/store/create-store.ts';
import { buildIdOf, deploymentOf } from '../src/temporal/build-id.ts';
import { connectClient } from '../src/temporal/connect.ts';
import { createDeployments } from '../src/temporal/deployments.ts';
import { createNames } from '../src/temporal/names.ts';

const BUNDLE_FILE = path.resolve(import.meta.dirname, '../dist/workflow-bundle.js');
const USAGE = 'Usage: npm run deployment -- status | promote [<build>] | rollback | off\n';

const [command, given] = process.argv.slice(2);
const config = loadConfig();
const client = await connectClient(engineElsewhere(config));
const deployments = createDeployments(client, deploymentOf((await namesOfStore()).taskQueue));
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  if (command === 'promote') {
    // Without a name: the build of this folder.
    const buildId = given ?? (await buildIdOf(BUNDLE_FILE));
    await deployments.promote(buildId);
    say(`Build ${buildId} is current: new turns go to it.`);
  } else if (command === 'rollback') {
    say(`Build ${await deployments.rollBack()} is current again.`);
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

async function namesOfStore() {
  await using store = await createStore(config.store);
  return createNames(await store.installation.get());
}

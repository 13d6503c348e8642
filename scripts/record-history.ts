// npm run record -- <turnId> [file]: writes the history of a turn that has ended, for the replay tests.
// A turn of several workflow runs gets a file for each.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadConfig } from '../src/config.ts';
import { engineElsewhere } from '../src/process/engine-elsewhere.ts';
import { findKeyring } from '../src/process/open-keyring.ts';
import { createStore } from '../src/store/create-store.ts';
import { connectClient } from '../src/temporal/connect.ts';
import { createNames } from '../src/temporal/names.ts';
import { createPayloadCodec } from '../src/temporal/payload-codec.ts';
import { historyText, turnRuns } from '../src/temporal/turn/turn-histories.ts';

const FOLDER = path.resolve(import.meta.dirname, '../test/replay/histories');

const [turnId, wanted] = process.argv.slice(2);
if (turnId === undefined) {
  console.error('Which turn? npm run record -- <turnId> [file]');
  process.exit(1);
}

const config = loadConfig();
const keyring = await findKeyring(config);
const codec = keyring && createPayloadCodec(keyring);
const client = await connectClient(engineElsewhere(config));
const names = await namesOfStore();
try {
  await record(turnId, path.resolve(wanted ?? path.join(FOLDER, `${turnId}.json`)));
} catch (error) {
  console.error(`Turn ${turnId} was not recorded: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await client.connection.close();
}

async function namesOfStore() {
  await using store = await createStore(config.store);
  return createNames(await store.installation.get());
}

async function record(id: string, file: string): Promise<void> {
  const { status } = await client.workflow.getHandle(names.turnWorkflowId(id)).describe();
  if (status.name === 'RUNNING') throw new Error('it is still running; record it once it has ended.');
  const runs = await turnRuns(client, id, names);
  await mkdir(path.dirname(file), { recursive: true });
  for (const [index, { history }] of runs.entries()) {
    const target = runs.length === 1 ? file : file.replace(/(\.json)?$/, `-run-${index + 1}.json`);
    await writeFile(target, await historyText(history, codec));
    console.log(`${target}: ${history.events?.length ?? 0} events`);
  }
}

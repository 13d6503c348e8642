// npm run installation: which installation this store is.
// npm run installation -- renew: makes it another one. For a copy of a store, before anything is started on it.
import { randomBytes } from 'node:crypto';
import { loadConfig } from '../src/config.ts';
import { leaveOpenWork } from '../src/process/leave-open-work.ts';
import { createStore } from '../src/store/create-store.ts';
import { createNames } from '../src/temporal/names.ts';

const [verb] = process.argv.slice(2);
if (verb !== undefined && verb !== 'renew') {
  console.error('npm run installation [-- renew]');
  process.exit(1);
}

await using store = await createStore(loadConfig().store);
if (verb === 'renew') {
  const at = new Date().toISOString();
  const ended = await leaveOpenWork(store, at);
  await store.installation.renew(randomBytes(8).toString('hex'), at);
  console.log(`${ended} turns that the other installation goes on with have ended here.`);
}
const installation = await store.installation.get();
console.log(`Installation ${installation.id}, task queue ${createNames(installation).taskQueue}.`);

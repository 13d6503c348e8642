// npm run token:rotate: puts a new admin token into the token file of the data folder and ends the one that was there, for
// running servers too.
import { loadConfig } from '../src/config.ts';
import { rotateAdminToken, tokenPlace } from '../src/process/admin-token.ts';
import { createStore } from '../src/store/create-store.ts';

const config = loadConfig();
await using store = await createStore(config.store);
await rotateAdminToken(store, tokenPlace(config), new Date());
console.log(
  `A new admin token is in ${config.tokenFile}; the one before lets nobody in any more (within 2 s).`,
);

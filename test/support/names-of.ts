import { join } from 'node:path';
import { createStore } from '../../src/store/create-store.ts';
import { createNames, type Names } from '../../src/temporal/names.ts';

/** What the installation of a data folder calls its workflows. */
export async function namesOf({ dataDir }: { dataDir: string }): Promise<Names> {
  await using store = await createStore({ kind: 'sqlite', file: join(dataDir, 'longturn.db') });
  return createNames(await store.installation.get());
}

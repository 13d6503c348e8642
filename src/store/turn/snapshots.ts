import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { SnapshotStore } from '../store.ts';

export function createSnapshots({ db }: StoreContext): SnapshotStore {
  return {
    async put(digest, value) {
      await db
        .insertInto('snapshots')
        .values({ digest, value: toText(value) })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
    },
    async get(digest) {
      const row = await db
        .selectFrom('snapshots')
        .select('value')
        .where('digest', '=', digest)
        .executeTakeFirst();
      return row && fromText<unknown>(row.value);
    },
  };
}

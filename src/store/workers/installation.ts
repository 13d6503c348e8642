import type { StoreContext } from '../context.ts';
import type { Installation, InstallationStore } from '../store.ts';
import type { InstallationRow } from './schema.ts';

export function createInstallation({ db }: StoreContext): InstallationStore {
  return {
    async get() {
      return toInstallation(await db.selectFrom('installation').selectAll().executeTakeFirstOrThrow());
    },
    async renew(id, at) {
      const row = await db
        .updateTable('installation')
        .set({ id, in_names: 1, made_at: at })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toInstallation(row);
    },
  };
}

function toInstallation({ id, in_names, made_at }: InstallationRow): Installation {
  return { id, inNames: in_names === 1, madeAt: made_at };
}

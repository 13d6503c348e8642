import type { StoreContext } from '../context.ts';
import type { LeaseStore } from '../store.ts';

export function createLeases({ db }: StoreContext): LeaseStore {
  return {
    async number(name) {
      const row = await db
        .selectFrom('upkeep_leases')
        .select('number')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.number ?? 0;
    },
    async take(name, number) {
      await db
        .insertInto('upkeep_leases')
        .values({ name, number: 0 })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      const taken = await db
        .updateTable('upkeep_leases')
        .set({ number: number + 1 })
        .where('name', '=', name)
        .where('number', '=', number)
        .returning('number')
        .executeTakeFirst();
      return taken !== undefined;
    },
  };
}

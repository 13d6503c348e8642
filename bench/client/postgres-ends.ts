import pg from 'pg';
import type { Ends } from './ends.ts';

/** How often rows are looked at, in milliseconds. */
const LOOK_MS = 10;

/** Waits for turns' ends by looking at their rows in a PostgreSQL store. */
export async function watchPostgresEnds(url: string): Promise<Ends> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const awaited = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    // Those that are added during the look are of the next one.
    const asked = [...awaited.keys()];
    if (asked.length > 0) {
      const open = `select id from turns where state in ('queued', 'starting', 'running')`;
      const { rows } = await client.query<{ id: string }>({ name: 'open', text: open });
      const ids = new Set(rows.map(({ id }) => id));
      for (const turnId of asked.filter((id) => !ids.has(id))) {
        awaited.get(turnId)?.resolve();
        awaited.delete(turnId);
      }
    }
    if (!isClosed) timer = setTimeout(again, LOOK_MS);
  };
  const again = () => {
    look().catch((error) => {
      for (const { reject } of awaited.values()) reject(error);
    });
  };
  again();
  return {
    of: (turnId) => new Promise((resolve, reject) => awaited.set(turnId, { resolve, reject })),
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(timer);
      void client.end();
    },
  };
}

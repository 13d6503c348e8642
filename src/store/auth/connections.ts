import { type Kysely, sql, type Transaction } from 'kysely';
import { loginOf } from '../../core/auth/login-wait.ts';
import type { ConnectionStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { plainText, toText } from '../json-text.ts';
import { contains, offsetPage } from '../offset-page.ts';
import type { Database } from '../schema.ts';
import { changeConnection } from './change-connection.ts';
import { namedConnection, namedConnections, toConnection } from './connection-row.ts';
import { ensureProfile } from './profiles.ts';
import type { ConnectionRow } from './schema.ts';

type NewConnection = Parameters<ConnectionStore['create']>[0];

export function createConnections(context: StoreContext): ConnectionStore {
  const { db, write } = context;
  return {
    create: (connection) => write((trx) => create(trx, connection)),
    async get(id) {
      const row = await namedConnection(db, id);
      return row && toConnection(row);
    },
    list: (query) => list(db, query),
    async loggedIn(afterId, limit) {
      const rows = await namedConnections(db)
        .where('auth_connections.status', '=', 'AUTHENTICATED')
        .where('auth_connections.id', '>', afterId)
        .orderBy('auth_connections.id')
        .limit(limit)
        .execute();
      return rows.map(toConnection);
    },
    configure: (id, settings, at) =>
      write(async (trx) => {
        await trx
          .updateTable('auth_connections')
          .set({ settings: toText(settings), updated_at: at })
          .where('id', '=', id)
          .execute();
        const row = await namedConnection(trx, id);
        return row && toConnection(row);
      }),
    change: (change) => write((trx) => changeConnection(context, trx, change)),
    delete: (id) =>
      write(async (trx) => {
        // All that is a connection's refers to it, and goes with it in the same statement; but for who waits for it.
        const deleted = await trx
          .deleteFrom('auth_connections')
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        const { kind, subject } = loginOf(id);
        await trx.deleteFrom('waiters').where('kind', '=', kind).where('subject', '=', subject).execute();
        return deleted !== undefined;
      }),
    counts: () => counts(db),
  };
}

async function create(
  trx: Transaction<Database>,
  { id, profile, domain, settings, at }: NewConnection,
): ReturnType<ConnectionStore['create']> {
  const { id: profileId, name } = await ensureProfile(trx, { ...profile, at });
  const row = await trx
    .insertInto('auth_connections')
    .values(newRow({ id, profileId, domain, settings: toText(settings), at }))
    // Writes the row although nothing changes, so that it is returned also where another transaction inserts it.
    .onConflict((conflict) =>
      conflict.columns(['profile_id', 'domain']).doUpdateSet({ domain: sql`excluded.domain` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return { created: row.id === id, connection: toConnection({ ...row, profile_name: name }) };
}

function newRow(connection: {
  id: string;
  profileId: string;
  domain: string;
  settings: string;
  at: string;
}): ConnectionRow {
  return {
    id: connection.id,
    profile_id: connection.profileId,
    domain: plainText(connection.domain),
    status: 'NEEDS_AUTH',
    flow_id: null,
    last_auth_check_at: null,
    can_reauth: 0,
    can_reauth_reason: 'no_prior_successful_login',
    created_at: connection.at,
    updated_at: connection.at,
    post_login_url: null,
    settings: connection.settings,
    learnt: null,
  };
}

async function list(
  db: Kysely<Database>,
  { domain, profileName, query, limit, offset }: Parameters<ConnectionStore['list']>[0],
): ReturnType<ConnectionStore['list']> {
  const search = query ?? '';
  const rows = await namedConnections(db)
    .$if(domain !== undefined, (some) => some.where('domain', '=', plainText(domain ?? '')))
    .$if(profileName !== undefined, (some) =>
      some.where('auth_profiles.name', '=', plainText(profileName ?? '')),
    )
    .$if(search !== '', (some) =>
      some.where((of) => of.or([contains('domain', search), contains('auth_profiles.name', search)])),
    )
    .orderBy('auth_connections.created_at', 'desc')
    .orderBy('auth_connections.id', 'desc')
    .limit(limit + 1)
    .offset(offset)
    .execute();
  return offsetPage(rows, limit, toConnection);
}

async function counts(db: Kysely<Database>): ReturnType<ConnectionStore['counts']> {
  const rows = await db
    .selectFrom('auth_connections')
    .select((of) => ['status', of.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  const flows = await db
    .selectFrom('auth_flows')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  const connections = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  return { connections, flowsInProgress: flows.count };
}

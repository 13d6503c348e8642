import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Agent, AgentDefinition } from '../../contract/index.ts';
import { digestOf } from '../../digest.ts';
import type { StoreContext } from '../context.ts';
import { behind, type ListOrder, pageOf } from '../cursor.ts';
import { fromText, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { AgentStore } from '../store.ts';
import type { AgentTable } from './schema.ts';

type AgentRow = Selectable<AgentTable>;

const ORDER: ListOrder<AgentRow> = { list: 'agents', keys: ['name'], direction: 'asc' };

export function createAgents({ db, write }: StoreContext): AgentStore {
  return {
    async get(name) {
      const row = await db.selectFrom('agents').selectAll().where('name', '=', name).executeTakeFirst();
      return row && toAgent(row);
    },
    async list({ limit, cursor }) {
      const rows = await db
        .selectFrom('agents')
        .selectAll()
        .$if(cursor !== undefined, (query) => query.where(behind(ORDER, cursor ?? '', 'agents')))
        .orderBy('name')
        .limit(limit + 1)
        .execute();
      return pageOf(ORDER, rows, limit, toAgent);
    },
    put: (definition, at) => putAgent(db, definition, 'api', at),
    delete: (name, at) =>
      write(async (trx) => {
        const deleted = await trx
          .deleteFrom('agents')
          .where('name', '=', name)
          .returning('name')
          .executeTakeFirst();
        if (deleted) {
          await trx.updateTable('agent_files').set({ deleted_at: at }).where('name', '=', name).execute();
        }
        return deleted !== undefined;
      }),
    importFile: (definition, fileDigest, at, changedAt) =>
      write(async (trx) => {
        const taken = await takeFile(trx, definition.name, fileDigest, at, changedAt);
        if (taken) await putAgent(trx, definition, 'file', at);
        return taken;
      }),
    retireFiles: (present, at) => write((trx) => retireFiles(trx, new Set(present), at)),
    async gone(name) {
      const file = await db
        .selectFrom('agent_files')
        .select(['retired_at', 'deleted_at'])
        .where('name', '=', name)
        .executeTakeFirst();
      if (file?.deleted_at) return { how: 'deleted', at: file.deleted_at };
      return file?.retired_at ? { how: 'retired', at: file.retired_at } : undefined;
    },
  };
}

async function takeFile(
  trx: Transaction<Database>,
  name: string,
  fileDigest: string,
  at: string,
  changedAt: string | undefined,
): Promise<boolean> {
  const file = { file_digest: fileDigest, taken_at: at, retired_at: null, deleted_at: null };
  const taken = await trx
    .insertInto('agent_files')
    .values({ name, ...file })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet(file)
        .where(({ eb, or, and, not, exists, fn }) =>
          or([
            eb('agent_files.file_digest', '<>', fileDigest),
            eb('agent_files.retired_at', 'is not', null),
            and([
              not(exists(eb.selectFrom('agents').select('name').where('name', '=', name))),
              eb(fn.coalesce('agent_files.deleted_at', 'agent_files.taken_at'), '<', changedAt ?? ''),
            ]),
          ]),
        ),
    )
    .returning('name')
    .executeTakeFirst();
  return taken !== undefined;
}

async function retireFiles(
  trx: Transaction<Database>,
  present: ReadonlySet<string>,
  at: string,
): Promise<string[]> {
  const files = await trx.selectFrom('agent_files').select('name').where('retired_at', 'is', null).execute();
  const missing = files.map(({ name }) => name).filter((name) => !present.has(name));
  const retired: string[] = [];
  for (const name of missing) {
    const agent = await trx.selectFrom('agents').select('source').where('name', '=', name).executeTakeFirst();
    // What the API defined since is not the file's any more.
    if (agent?.source === 'api') continue;
    await trx.deleteFrom('agents').where('name', '=', name).execute();
    await trx.updateTable('agent_files').set({ retired_at: at }).where('name', '=', name).execute();
    if (agent) retired.push(name);
  }
  return retired;
}

async function putAgent(
  db: Kysely<Database>,
  definition: AgentDefinition,
  source: Agent['source'],
  at: string,
): Promise<Agent> {
  const { name, ...row }: AgentRow = {
    name: definition.name,
    digest: digestOf(definition),
    source,
    updated_at: at,
    definition: toText(definition),
  };
  await db
    .insertInto('agents')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
  return toAgent({ name, ...row });
}

function toAgent(row: AgentRow): Agent {
  return {
    ...fromText<AgentDefinition>(row.definition),
    digest: row.digest,
    source: row.source,
    updatedAt: row.updated_at,
  };
}

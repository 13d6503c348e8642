import type { Kysely, Selectable } from 'kysely';
import type { Agent, AgentDefinition } from '../contract/index.ts';
import { digestOf } from '../digest.ts';
import type { StoreContext } from './context.ts';
import { behind, type ListOrder, pageOf } from './cursor.ts';
import { fromText, toText } from './json-text.ts';
import type { AgentTable, Database } from './schema.ts';
import type { AgentStore } from './store.ts';

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
    async delete(name) {
      const deleted = await db
        .deleteFrom('agents')
        .where('name', '=', name)
        .returning('name')
        .executeTakeFirst();
      return deleted !== undefined;
    },
    importFile: (definition, fileDigest, at) =>
      write(async (trx) => {
        const taken = await trx
          .insertInto('agent_files')
          .values({ name: definition.name, file_digest: fileDigest, taken_at: at })
          .onConflict((conflict) =>
            conflict
              .column('name')
              .doUpdateSet({ file_digest: fileDigest, taken_at: at })
              .where('agent_files.file_digest', '<>', fileDigest),
          )
          .returning('name')
          .executeTakeFirst();
        if (taken) await putAgent(trx, definition, 'file', at);
        return taken !== undefined;
      }),
  };
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

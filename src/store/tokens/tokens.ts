import type { Selectable } from 'kysely';
import type { Scope, Token } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { behind, type ListOrder, pageOf } from '../cursor.ts';
import { fromText, optional, same, toText } from '../json-text.ts';
import type { TokenStore } from '../store.ts';
import { claimFileToken, endToken } from './file-tokens.ts';
import type { TokenTable } from './schema.ts';

type TokenRow = Selectable<TokenTable>;

const ORDER: ListOrder<TokenRow> = { list: 'tokens', keys: ['created_at', 'id'], direction: 'asc' };

export function createTokens({ db, write }: StoreContext): TokenStore {
  return {
    async create({ id, name, scopes, secretHash, createdAt, expiresAt }) {
      const row: TokenRow = {
        id,
        name: toText(name),
        scopes: toText(scopes),
        secret_hash: secretHash,
        created_at: createdAt,
        expires_at: expiresAt ?? null,
        last_used_at: null,
      };
      await db.insertInto('tokens').values(row).execute();
      return toToken(row);
    },
    async get(id) {
      const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toToken(row);
    },
    async findByHash(secretHash) {
      const row = await db
        .selectFrom('tokens')
        .selectAll()
        .where('secret_hash', '=', secretHash)
        .executeTakeFirst();
      return row && toToken(row);
    },
    async list({ limit, cursor }) {
      const rows = await db
        .selectFrom('tokens')
        .selectAll()
        .$if(cursor !== undefined, (query) => query.where(behind(ORDER, cursor ?? '', 'tokens')))
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      return pageOf(ORDER, rows, limit, toToken);
    },
    delete: (id, at) => write((trx) => endToken(trx, id, at)),
    async touch(id, at) {
      await db.updateTable('tokens').set({ last_used_at: at }).where('id', '=', id).execute();
    },
    claimFileToken: (token) => write((trx) => claimFileToken(trx, token)),
  };
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    name: fromText<string>(row.name),
    scopes: fromText<Scope[]>(row.scopes),
    createdAt: row.created_at,
    ...optional('expiresAt', row.expires_at, same),
    ...optional('lastUsedAt', row.last_used_at, same),
  };
}

import type { Transaction } from 'kysely';
import { toText } from '../json-text.ts';
import { FILE_TOKEN_PREFIX, type FileToken } from '../ports/tokens.ts';
import type { Database } from '../schema.ts';

type Trx = Transaction<Database>;

/** See `TokenStore.claimFileToken`. */
export async function claimFileToken(trx: Trx, token: FileToken): Promise<boolean> {
  const { id, secretHash, folder, at } = token;
  const known = await trx
    .selectFrom('file_tokens')
    .select('ended_at')
    .where('token_id', '=', id)
    .executeTakeFirst();
  if (known?.ended_at) return false;
  const row = { id, name: toText('admin'), scopes: toText(['admin']), secret_hash: secretHash };
  await trx
    .insertInto('tokens')
    .values({ ...row, created_at: at, expires_at: null, last_used_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx
    .insertInto('file_tokens')
    .values({ token_id: id, folder, secret_hash: secretHash, ended_at: null })
    .onConflict((conflict) => conflict.column('token_id').doUpdateSet({ folder }))
    .execute();
  for (const other of await othersOf(trx, token)) await endToken(trx, other, at);
  return true;
}

/** Deletes a token; true when there was one. One of a token file is remembered as ended. */
export async function endToken(trx: Trx, id: string, at: string): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('tokens')
    .where('id', '=', id)
    .returning('secret_hash')
    .executeTakeFirst();
  if (!deleted) return false;
  if (id.startsWith(FILE_TOKEN_PREFIX)) {
    await trx
      .insertInto('file_tokens')
      .values({ token_id: id, folder: '', secret_hash: deleted.secret_hash, ended_at: at })
      .onConflict((conflict) => conflict.column('token_id').doUpdateSet({ ended_at: at }))
      .execute();
  }
  return true;
}

/** Tokens that the file of this folder held before. */
async function othersOf(trx: Trx, { id, folder, alone }: FileToken): Promise<string[]> {
  const ofFolder = trx
    .selectFrom('file_tokens')
    .select('token_id as id')
    .where('folder', '=', folder)
    .where('ended_at', 'is', null);
  // Versions up to 0.2 did not write down which folder a token belongs to.
  const all = trx.selectFrom('tokens').select('id').where('id', 'like', `${FILE_TOKEN_PREFIX}%`);
  const rows = await (alone ? all : ofFolder).execute();
  return rows.map((row) => row.id).filter((each) => each !== id && each.startsWith(FILE_TOKEN_PREFIX));
}

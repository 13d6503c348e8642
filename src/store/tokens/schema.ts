export interface TokenTable {
  id: string;
  name: string;
  scopes: string;
  secret_hash: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

/** A token of a token file. */
export interface FileTokenTable {
  token_id: string;
  /** Id of the data folder whose file holds it; empty: not known. */
  folder: string;
  secret_hash: string;
  /** Set once it has ended: it is not taken again, whatever a file holds. */
  ended_at: string | null;
}

/** Tokens of the API. */
export interface TokenDatabase {
  tokens: TokenTable;
  file_tokens: FileTokenTable;
}

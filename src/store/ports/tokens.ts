import type { Page, PageQuery, Scope, Token } from '../../contract/index.ts';

export interface TokenStore {
  create(token: {
    id: string;
    name: string;
    scopes: Scope[];
    secretHash: string;
    createdAt: string;
    expiresAt?: string;
  }): Promise<Token>;
  /** By its id; a deleted token is not found, an expired one is. */
  get(id: string): Promise<Token | undefined>;
  /** By the SHA-256 of the secret; a deleted token is not found, an expired one is. */
  findByHash(secretHash: string): Promise<Token | undefined>;
  list(query: PageQuery): Promise<Page<Token>>;
  /** A token of a token file that is deleted has ended for good: {@link claimFileToken} refuses it. */
  delete(id: string, at: string): Promise<boolean>;
  touch(id: string, at: string): Promise<void>;
  /**
   * Lets the token of a data folder's token file in, with all rights, and ends the others of that folder. False where
   * this one has ended before: then nothing has changed.
   */
  claimFileToken(token: FileToken): Promise<boolean>;
}

/** The token that a data folder's token file holds. */
export interface FileToken {
  id: string;
  secretHash: string;
  /** Id of the data folder. */
  folder: string;
  /** Whether the store belongs to this data folder alone, and so does every token of a file. */
  alone: boolean;
  at: string;
}

/** Ids of tokens of token files begin so, and no others do. */
export const FILE_TOKEN_PREFIX = 'admin_';

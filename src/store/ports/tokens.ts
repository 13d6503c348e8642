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
  /** By the SHA-256 of the secret; a deleted token is not found, an expired one is. */
  findByHash(secretHash: string): Promise<Token | undefined>;
  list(query: PageQuery): Promise<Page<Token>>;
  delete(id: string): Promise<boolean>;
  touch(id: string, at: string): Promise<void>;
}

import type { Grant, Page, PageQuery } from '../../contract/index.ts';

export interface GrantStore {
  /** Grants of a session that are neither revoked, expired at the instant, used up, nor bound to another turn. */
  inForce(sessionId: string, turnId: string, at: string): Promise<Grant[]>;
  list(sessionId: string, query: PageQuery): Promise<Page<Grant>>;
  get(id: string): Promise<Grant | undefined>;
  /** Writes a grant once; repeated with the same id: nothing changes. */
  put(grant: Grant): Promise<void>;
  /** Revokes; undefined when there is no such grant in the session. Repeated: the first instant stays. */
  revoke(sessionId: string, id: string, at: string): Promise<Grant | undefined>;
  /** Counts one use per (grant, call). False when it is used up, revoked or expired. Repeated for a call: the same answer. */
  use(id: string, callId: string, at: string): Promise<boolean>;
}

import type { Page, PageQuery, Session } from '../../contract/index.ts';
import type { TurnRecord } from './turns.ts';

export interface SessionStore {
  get(id: string): Promise<Session | undefined>;
  list(query: PageQuery): Promise<Page<Session>>;
  /** All turns of a session in order. */
  turns(id: string): Promise<TurnRecord[]>;
}

import type { ConnectionStore, FlowStore } from '../../store/auth-store.ts';

/** What of managed auth a tool may read. */
export interface LoginState {
  connections: Pick<ConnectionStore, 'get' | 'list'>;
  flows: Pick<FlowStore, 'get'>;
}

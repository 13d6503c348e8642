import type { AuthWaiterStore, ConnectionStore, FlowStore } from '../../store/auth-store.ts';

/** What of managed auth a tool may read, and where it says whom to wake. */
export interface LoginState {
  connections: Pick<ConnectionStore, 'get' | 'list'>;
  flows: Pick<FlowStore, 'get'>;
  waiters: Pick<AuthWaiterStore, 'add' | 'remove'>;
}

import type { LoginState } from '../../src/tools/profile/login-state.ts';
import type { LoginWait } from '../../src/tools/profile/wait-for-login.ts';

/** Managed auth of somebody who has no connection. */
export const noConnections: LoginState = {
  connections: { get: async () => undefined, list: async () => ({ items: [], hasMore: false }) },
  flows: { get: async () => undefined },
};

/** Keeps no call that waits. */
export const noWaiters: LoginWait['waiters'] = { add: async () => {}, remove: async () => {} };

import type { LoginState } from '../../src/tools/profile/login-state.ts';

/** Managed auth of somebody who has no connection. */
export const noConnections: LoginState = {
  connections: { get: async () => undefined, list: async () => ({ items: [], hasMore: false }) },
  flows: { get: async () => undefined },
  waiters: { add: async () => {}, remove: async () => {} },
};

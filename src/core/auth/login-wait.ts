import type { WaitKey } from '../turn/wait-key.ts';

/** Calls that wait until a connection is logged in. */
export const AUTH_CONNECTION = 'auth_connection';

export function loginOf(connectionId: string): WaitKey {
  return { kind: AUTH_CONNECTION, subject: connectionId };
}

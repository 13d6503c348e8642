import { loginOf } from '../../core/auth/login-wait.ts';
import type { ConnectionRecord, ConnectionStore } from '../../store/auth-store.ts';
import { deliverQueued } from '../../webhooks/deliver-queued.ts';
import { wakeWaiting } from '../turn/wake-waiting.ts';
import type { AuthActivityDeps } from './deps.ts';

type Change = Omit<Parameters<ConnectionStore['change']>[0], 'at'>;

/** Changes a connection, starts the deliveries to webhooks, and wakes the turns that wait for the login. */
export async function changeConnection(
  deps: AuthActivityDeps,
  change: Change,
): Promise<ConnectionRecord | undefined> {
  const { auth, now } = deps;
  const changed = await auth.connections.change({ ...change, at: now().toISOString() });
  if (!changed) return undefined;
  await deliverQueued(deps, changed.deliveries);
  if (changed.connection.status === 'AUTHENTICATED') await wakeWaiting(deps, loginOf(change.id));
  return changed.connection;
}

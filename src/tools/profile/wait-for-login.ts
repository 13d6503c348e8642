import { durationMs } from '../../contract/index.ts';
import { loginOf } from '../../core/auth/login-wait.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { WaiterStore } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import { type ToolContext, ToolError, ToolWaits } from '../tool.ts';
import { describeConnection } from './describe-connection.ts';
import type { LoginState } from './login-state.ts';

export interface LoginWait {
  auth: LoginState;
  /** Where it says that it is to be woken. */
  waiters: Pick<WaiterStore, 'add' | 'remove'>;
  now: () => Date;
  /** How often it looks unwoken, in milliseconds; in a long wait only every tenth of the time that it took so far. */
  lookMs: number;
  connectionId: string;
  timeout: string;
  context: Pick<ToolContext, 'callId' | 'turnId' | 'begunAt'>;
}

/** How soon it looks again where the store was held by others, in milliseconds. */
const HELD_UP_MS = 1_000;

/** One look at a connection. Throws {@link ToolWaits} while it is not logged in and the time is not over. */
export async function waitForLogin(wait: LoginWait): Promise<string> {
  try {
    return await look(wait);
  } catch (error) {
    // What is over in a moment must not end a wait of hours.
    if (error instanceof StoreError && (error.fault === 'busy' || error.fault === 'unavailable')) {
      throw new ToolWaits({ untilAt: untilAt(wait), lookAfterMs: HELD_UP_MS });
    }
    throw error;
  }
}

async function look(wait: LoginWait): Promise<string> {
  const { auth, waiters, connectionId, timeout, context } = wait;
  const connection = await lookAwaited(wait);
  const leftMs = Date.parse(untilAt(wait)) - wait.now().getTime();
  if (connection?.status === 'NEEDS_AUTH' && leftMs > 0) {
    throw new ToolWaits({ untilAt: untilAt(wait), lookAfterMs: Math.min(lookAfterMs(wait), leftMs) });
  }
  await waiters.remove(context.callId);
  if (!connection) {
    throw new ToolError(
      'connection_not_found',
      `There is no connection "${connectionId}": it was never made, or is deleted. The action list shows those there are.`,
    );
  }
  if (connection.status === 'AUTHENTICATED') {
    return `AUTHENTICATED: ${connection.domain} is logged in as profile ${connection.profileName}.`;
  }
  return `The time is over: nobody has logged in within ${timeout}.\n${await describeConnection(auth, connection)}`;
}

/** The connection as it is once this call stands among those to be woken: a login from then on wakes it. */
async function lookAwaited({
  auth,
  waiters,
  connectionId,
  context,
}: LoginWait): Promise<ConnectionRecord | undefined> {
  const before = await auth.connections.get(connectionId);
  if (before?.status !== 'NEEDS_AUTH') return before;
  const { callId, turnId } = context;
  await waiters.add({ ...loginOf(connectionId), turnId, callId });
  return await auth.connections.get(connectionId);
}

/** Counted from the first look, in whichever process that was. */
function untilAt({ timeout, context }: LoginWait): string {
  return new Date(Date.parse(context.begunAt) + durationMs(timeout)).toISOString();
}

/** Looks become rarer as a wait gets longer: each of them stands in the turn's history. */
function lookAfterMs({ now, lookMs, context }: LoginWait): number {
  return Math.max(lookMs, Math.floor((now().getTime() - Date.parse(context.begunAt)) / 10));
}

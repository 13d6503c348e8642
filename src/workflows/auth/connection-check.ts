import { CancellationScope, condition, uuid4 } from '@temporalio/workflow';
import type { LoginVerdict } from '../../contract/index.ts';
import type { ConnectionFacts } from '../../core/auth/connection-facts.ts';
import type { Connection } from './connection.ts';
import { describeConnection, openingProxies, recordCheck } from './proxies.ts';
import { whereRoomIs } from './room.ts';

/** How long a login whose end is known may take to close its browser, in milliseconds. */
const CLOSING_MS = 3_000;

/** Undefined: none is due. What is not logged in is not looked at, and a login that goes on is not disturbed. */
export function nextCheckAt(connection: Connection, facts: ConnectionFacts): number | undefined {
  if (!facts.healthChecks || facts.status !== 'AUTHENTICATED' || connection.flow) return undefined;
  const last = connection.lastCheckAt ?? Date.parse(facts.lastAuthCheckAt ?? '');
  return (Number.isNaN(last) ? Date.now() : last) + facts.healthCheckIntervalS * 1_000;
}

/** Whether the time for a check has come. */
export function isCheckDue(connection: Connection, facts: ConnectionFacts): boolean {
  const dueAt = nextCheckAt(connection, facts);
  return dueAt !== undefined && dueAt <= Date.now();
}

/** Looks whether the login still holds. Only what is proved logged out has consequences. */
export async function check(connection: Connection): Promise<void> {
  const { connectionId } = connection;
  connection.checkWanted = false;
  const verdict = await verdictOf(connection);
  connection.lastCheckAt = Date.now();
  const noted = { connectionId, checkId: uuid4(), verdict };
  if (verdict !== 'logged_out') {
    await recordCheck({ ...noted, ...(verdict === 'logged_in' && { status: 'AUTHENTICATED' }) });
    return;
  }
  // A login that has just ended is still being put away.
  await condition(() => connection.flow?.done !== false, CLOSING_MS);
  const facts = await describeConnection({ connectionId });
  const mayLogIn = facts?.healthChecks && facts.autoReauth && facts.reauth.can;
  if (!facts || !mayLogIn || connection.flow?.done === false || connection.wanted) {
    await recordCheck({ ...noted, status: 'NEEDS_AUTH' });
    return;
  }
  await recordCheck(noted);
  const { limits, hostedUrl } = facts;
  const expiresAt = new Date(Date.now() + limits.flowTimeoutMs).toISOString();
  const flowId = `flow_${uuid4()}`;
  connection.wanted ??= { flowId, connectionId, type: 'REAUTH', expiresAt, hostedUrl, limits };
}

/** Whoever asks for a login, or deletes the connection, does not wait for a check: it is given up. */
async function verdictOf(connection: Connection): Promise<LoginVerdict> {
  const { connectionId } = connection;
  const { checkLogin } = openingProxies();
  const checking = new CancellationScope();
  const isPointless = () => connection.wanted !== undefined || connection.closed;
  const pointless = () => condition(isPointless).then(() => 'unknown' as const);
  const verdict = checking.run(() =>
    Promise.race([whereRoomIs(() => checkLogin({ connectionId })), pointless()]),
  );
  // A site that cannot be looked at proves nothing.
  return await verdict.catch(() => 'unknown' as const).finally(() => checking.cancel());
}

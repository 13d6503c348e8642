import { CancellationScope, condition, uuid4 } from '@temporalio/workflow';
import type { LoginVerdict } from '../../contract/index.ts';
import type { ConnectionFacts } from '../../core/auth/connection-facts.ts';
import type { Connection } from './connection.ts';
import { describeConnection, openingProxies, recordCheck } from './proxies.ts';
import { retryElsewhere } from './retry-elsewhere.ts';

/** How long a login whose end is known may take to close its browser, in milliseconds. */
const CLOSING_MS = 3_000;

/** When the next check is due; undefined where none is: not logged in, no health checks, or a login in progress. */
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

/** Checks whether the login still holds. Only the verdict `logged_out` has consequences. */
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
  // A login that has just ended may still be closing its browser.
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

/** The verdict of a check; `unknown` where a login is asked for, or the connection is deleted, meanwhile: the check is cancelled. */
async function verdictOf(connection: Connection): Promise<LoginVerdict> {
  const { connectionId } = connection;
  const { checkLogin } = openingProxies();
  const checking = new CancellationScope();
  const isObsolete = () => connection.wanted !== undefined || connection.closed;
  const obsolete = () => condition(isObsolete).then(() => 'unknown' as const);
  const verdict = checking.run(() =>
    Promise.race([retryElsewhere(() => checkLogin({ connectionId })), obsolete()]),
  );
  // A site that cannot be read proves nothing.
  return await verdict.catch(() => 'unknown' as const).finally(() => checking.cancel());
}

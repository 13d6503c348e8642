import { ApplicationFailure } from '@temporalio/activity';
import type { BrowserState, OpenRequest } from '../../browser/login-browser.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { AuthActivityDeps } from './deps.ts';

/** What is needed of a connection to work on a login. */
export interface FlowContext {
  connection: ConnectionRecord;
  request: OpenRequest;
}

/** The connection of a flow. Throws `connection_deleted`, which is not retried. */
export async function connectionOf(
  { auth }: AuthActivityDeps,
  connectionId: string,
): Promise<ConnectionRecord> {
  const connection = await auth.connections.get(connectionId);
  if (connection) return connection;
  throw ApplicationFailure.create({
    type: 'connection_deleted',
    message: 'The connection is deleted.',
    nonRetryable: true,
  });
}

/** Where a login begins, with the state of its profile. */
export async function flowContext(
  deps: AuthActivityDeps,
  flowId: string,
  connectionId: string,
): Promise<FlowContext> {
  const connection = await connectionOf(deps, connectionId);
  const state = (await loadProfile(deps, connection.profileId))?.state;
  return { connection, request: { flowId, site: siteOf(connection), ...(state && { state }) } };
}

export function siteOf({ domain, settings }: ConnectionRecord): OpenRequest['site'] {
  const { loginUrl, allowedDomains } = settings;
  return { domain, allowedDomains, ...(loginUrl !== undefined && { loginUrl }) };
}

/** State of a profile, and the version that it has; undefined when nothing is saved yet. */
export async function loadProfile(
  { auth, vault }: AuthActivityDeps,
  profileId: string,
): Promise<{ state: BrowserState; version: number } | undefined> {
  const saved = await auth.profiles.state(profileId);
  if (!saved) return undefined;
  const state = JSON.parse(vault.open(saved.state, { use: 'profile', profileId })) as BrowserState;
  return { state, version: saved.version };
}

import { describeConnection } from './describe-connection.ts';
import type { LoginState } from './login-state.ts';

const MAX_CONNECTIONS = 100;

/** The connections of a domain, of a profile, or all, newest first and a line each; at most 100. */
export async function listConnections(
  auth: LoginState,
  { domain, profile }: { domain?: string | undefined; profile?: string | undefined },
): Promise<string> {
  const { items, hasMore } = await auth.connections.list({
    limit: MAX_CONNECTIONS,
    offset: 0,
    ...(domain !== undefined && { domain }),
    ...(profile !== undefined && { profileName: profile }),
  });
  if (items.length === 0) {
    const isFiltered = domain !== undefined || profile !== undefined;
    return isFiltered ? 'No connection fits.' : 'There is no connection yet; a person must make one.';
  }
  const lines = await Promise.all(items.map((connection) => describeConnection(auth, connection)));
  const more = `[only the newest ${MAX_CONNECTIONS}; ask for one domain or one profile]`;
  return [...lines, ...(hasMore ? [more] : [])].join('\n');
}

import type { LoginVerdict } from '../../contract/index.ts';
import type { OpeningActivities } from '../../workflows/auth/activities.ts';
import { openingBrowser } from './browser-failures.ts';
import type { AuthActivityDeps } from './deps.ts';
import { loadProfile, siteOf } from './flow-context.ts';
import { saveMerged } from './save-merged.ts';

/** Makes the activity that checks whether a connection's login still holds. */
export function createCheckLogin(deps: AuthActivityDeps): OpeningActivities['checkLogin'] {
  return ({ connectionId }) => openingBrowser((signal) => checkLogin(deps, connectionId, signal));
}

async function checkLogin(
  deps: AuthActivityDeps,
  connectionId: string,
  signal: AbortSignal,
): Promise<LoginVerdict> {
  const connection = await deps.auth.connections.get(connectionId);
  const state = connection && (await loadProfile(deps, connection.profileId))?.state;
  // Without a proof of a login there is nothing to compare with.
  if (!connection?.learnt || !state) return 'unknown';
  const { proof } = connection.learnt;
  const checked = await deps.browser.check({ site: siteOf(connection), state, proof }, signal);
  // The visit may have rotated a session cookie: where the new one is not saved, the profile is logged out.
  const isRenewed = checked.state && JSON.stringify(checked.state) !== JSON.stringify(state);
  if (checked.state && isRenewed) await saveMerged(deps, connection.profileId, state, checked.state);
  return checked.verdict;
}

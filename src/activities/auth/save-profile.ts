import type { HeldActivities } from '../../workflows/auth/activities.ts';
import { withBrowser } from './browser-failures.ts';
import { changeConnection } from './change-connection.ts';
import type { AuthActivityDeps } from './deps.ts';
import { connectionOf } from './flow-context.ts';
import type { LoadedStates } from './loaded-states.ts';
import { saveCredential } from './save-credential.ts';
import { saveMerged } from './save-merged.ts';

/** Saves a login: first the profile, then what a person typed, last the connection's status. */
export function createSaveProfile(
  deps: AuthActivityDeps,
  loaded: LoadedStates,
): HeldActivities['saveProfile'] {
  return ({ flowId, connectionId, ...learnt }) =>
    withBrowser(async () => {
      const { proof } = learnt;
      const connection = await connectionOf(deps, connectionId);
      const captured = await deps.browser.capture(flowId);
      await saveMerged(deps, connection.profileId, loaded.get(flowId), captured);
      await saveCredential(deps, flowId, connection);
      await changeConnection(deps, {
        id: connectionId,
        changeId: `${flowId}:authenticated`,
        set: {
          status: 'AUTHENTICATED',
          postLoginUrl: proof.postLoginUrl,
          lastAuthCheckAt: deps.now().toISOString(),
          canReauth: true,
          canReauthReason: 'requirements_satisfiable',
          // A login that was asked nothing has only a new proof; what it would have been asked is known from before.
          learnt: learnt.needs.length === 0 && connection.learnt ? { ...connection.learnt, proof } : learnt,
        },
        event: 'auth.connection.authenticated',
      });
    });
}

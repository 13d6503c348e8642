import type { AuthActivities, HeldActivities, OpeningActivities } from '../../workflows/auth/activities.ts';
import { whereTheConnectionIs } from './auth-presence.ts';
import { createCheckLogin } from './check-login.ts';
import { createConnectionWork } from './connection-work.ts';
import type { AuthActivityDeps } from './deps.ts';
import { keepingReadings } from './keep-readings.ts';
import { createLoadedStates } from './loaded-states.ts';
import { createPageOpening } from './open-pages.ts';
import { createSaveProfile } from './save-profile.ts';
import { createTakePreview } from './take-preview.ts';
import { createPageWork } from './work-on-pages.ts';

/** The activities of managed auth of one worker, by task queue. */
export function createAuthActivities(deps: AuthActivityDeps): {
  shared: AuthActivities;
  opening: OpeningActivities;
  held: HeldActivities;
} {
  const loaded = createLoadedStates();
  const { parkBrowser, ...pageOpening } = createPageOpening(deps, loaded);
  const { opening, held } = keepingReadings(deps, pageOpening, createPageWork(deps, loaded));
  return {
    ...whereTheConnectionIs(deps, {
      shared: createConnectionWork(deps),
      opening: { ...opening, checkLogin: createCheckLogin(deps) },
    }),
    held: {
      ...held,
      parkBrowser,
      takePreview: createTakePreview(deps),
      saveProfile: createSaveProfile(deps, loaded),
    },
  };
}

import type { AuthActivities, HeldActivities } from '../../workflows/auth/activities.ts';
import { createConnectionWork } from './connection-work.ts';
import { createDeliverWebhook } from './deliver-webhook.ts';
import type { AuthActivityDeps } from './deps.ts';
import { createHolders } from './holders.ts';
import { createLoadedStates } from './loaded-states.ts';
import { createPageOpening } from './open-pages.ts';
import { createSaveProfile } from './save-profile.ts';
import { createPageWork } from './work-on-pages.ts';

/** The activities of managed auth of one worker: those that any worker may run, and those on its own queue. */
export function createAuthActivities(deps: AuthActivityDeps): {
  shared: AuthActivities;
  held: HeldActivities;
} {
  const loaded = createLoadedStates();
  const holders = createHolders();
  const { parkBrowser, ...opening } = createPageOpening(deps, loaded, holders);
  return {
    shared: { ...createConnectionWork(deps), ...opening, deliverWebhook: createDeliverWebhook(deps) },
    held: {
      ...createPageWork(deps, loaded, holders),
      parkBrowser,
      saveProfile: createSaveProfile(deps, loaded),
    },
  };
}

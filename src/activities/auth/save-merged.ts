import type { BrowserState } from '../../browser/login-browser.ts';
import type { AuthActivityDeps } from './deps.ts';
import { loadProfile } from './flow-context.ts';
import { mergeStates } from './merge-states.ts';

/** How often the merge is repeated because another login has saved the profile at the same time. */
const MERGES = 20;

/** Merges a captured state into the one that is saved by now, and saves it by compare-and-set. */
export async function saveMerged(
  deps: AuthActivityDeps,
  profileId: string,
  loaded: BrowserState | undefined,
  captured: BrowserState,
): Promise<void> {
  const { auth, vault, now } = deps;
  for (let tries = 0; tries < MERGES; tries += 1) {
    const saved = await loadProfile(deps, profileId);
    const merged = mergeStates(loaded, saved?.state, captured);
    const state = vault.seal(JSON.stringify(merged), { use: 'profile', profileId });
    const version = saved?.version ?? 0;
    if (await auth.profiles.saveState({ id: profileId, version, state, at: now().toISOString() })) return;
  }
  throw new Error('The profile is being saved by too many logins at once.');
}

import type { HeldActivities } from '../../workflows/auth/activities.ts';
import { withBrowser } from './browser-failures.ts';
import type { AuthActivityDeps } from './deps.ts';
import { connectionOf } from './flow-context.ts';
import { knownOf } from './keep-readings.ts';

/** Makes the activity that takes the picture of a page that asks, and keeps it sealed. */
export function createTakePreview(deps: AuthActivityDeps): HeldActivities['takePreview'] {
  const { auth, browser, vault } = deps;
  return ({ flowId, connectionId, interactionId, fingerprint, until, identifier }) =>
    withBrowser(async () => {
      const stored = await knownOf(deps, await connectionOf(deps, connectionId));
      const typed = identifier === undefined ? [] : await submittedValue(deps, flowId, identifier);
      const picture = await browser.preview(flowId, { fingerprint, known: [...stored, ...typed] });
      if (picture === undefined) return false;
      const sealed = vault.seal(picture.toString('base64'), { use: 'preview', flowId });
      return await auth.previews.put({ flowId, interactionId, expiresAt: until, sealed });
    });
}

/** What a person submitted, where it is still kept. */
async function submittedValue(
  { auth, vault, now }: AuthActivityDeps,
  flowId: string,
  secretId: string,
): Promise<string[]> {
  const secrets = await auth.secrets.get(flowId, [secretId], now().toISOString());
  return secrets.map(({ interactionId, sealed }) =>
    vault.open(sealed, { use: 'submitted', flowId, interactionId, secretId }),
  );
}

import type { ApiDeps } from '../../deps.ts';
import type { Caller } from '../../plugins/bearer.ts';
import { ApiProblem } from '../../problems.ts';

/** What a picture is asked by. */
export interface PreviewWanted {
  flowId: string;
  /** Only of this question. */
  interactionId?: string | undefined;
}

/** Opens the picture of the page that a login asks about, for the person who answers that login and for nobody else. */
export type OpenPreview = (caller: Caller, wanted: PreviewWanted) => Promise<Buffer>;

export function createOpenPreview({
  store,
  vault,
  now,
}: Pick<ApiDeps, 'store' | 'vault' | 'now'>): OpenPreview {
  return async ({ session }, { flowId, interactionId }) => {
    if (session === undefined) {
      throw new ApiProblem(
        'forbidden',
        'A picture is shown to the person who answers the login: with its session token, to no other.',
      );
    }
    const kept =
      session.flowId === flowId ? await store.auth.previews.get(flowId, now().toISOString()) : undefined;
    if (kept === undefined || (interactionId ?? kept.interactionId) !== kept.interactionId) {
      throw new ApiProblem('preview_not_found', 'There is no picture of what this login asks now.');
    }
    return Buffer.from(vault.open(kept.sealed, { use: 'preview', flowId }), 'base64');
  };
}

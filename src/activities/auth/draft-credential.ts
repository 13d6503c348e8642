import { isCharacterRef } from '../../core/fields/partial-password.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { AuthActivityDeps } from './deps.ts';
import type { TypedValues } from './typed-values.ts';

/** Stands for an interaction id: the draft holds what was typed in the whole flow. */
const DRAFT = 'draft';

/** What a person typed on one page. */
export interface DraftedPage {
  /** Full URL. */
  page: string;
  ssoProvider?: string;
  /** By credential key; of a draft also `new_password`. */
  values: Record<string, string>;
}

const draftId = (flowId: string) => `draft_${flowId}`;

/** Stores what a person typed until the login has ended, sealed and bound to the flow; never one-time codes or single characters. */
export async function draftCredential(
  deps: AuthActivityDeps,
  flowId: string,
  { settings }: ConnectionRecord,
  { typed, ...place }: Omit<DraftedPage, 'values'> & { typed: TypedValues },
): Promise<void> {
  if (!settings.saveCredentials || settings.credential?.provider !== undefined) return;
  const lasting = typed.filter(({ from, ref }) => from.kind === 'submitted' && isLasting(ref));
  if (lasting.length === 0) return;
  const { auth, vault } = deps;
  const flow = await auth.flows.get(flowId);
  if (!flow) return;
  const values = Object.fromEntries(lasting.map(({ ref, value }) => [ref, value]));
  const pages = [...((await readDraft(deps, flowId)) ?? []), { ...place, values }];
  const id = draftId(flowId);
  const sealed = vault.seal(JSON.stringify(pages), {
    use: 'submitted',
    flowId,
    interactionId: DRAFT,
    secretId: id,
  });
  await auth.secrets.delete(flowId, [id]);
  await auth.secrets.put([
    { id, flowId, interactionId: DRAFT, sealed, expiresAt: flow.view.flow_expires_at },
  ]);
}

/** What a person typed in the flow, page after page; undefined where nothing is to be saved. */
export async function draftedPages(
  deps: AuthActivityDeps,
  flowId: string,
): Promise<DraftedPage[] | undefined> {
  const pages = await readDraft(deps, flowId);
  return pages?.map(({ values: { new_password: newPassword, ...values }, ...page }) => ({
    ...page,
    values: newPassword === undefined ? values : { ...values, password: newPassword },
  }));
}

async function readDraft(
  { auth, vault, now }: AuthActivityDeps,
  flowId: string,
): Promise<DraftedPage[] | undefined> {
  const id = draftId(flowId);
  const [secret] = await auth.secrets.get(flowId, [id], now().toISOString());
  if (!secret) return undefined;
  const context = { use: 'submitted', flowId, interactionId: DRAFT, secretId: id } as const;
  const draft = JSON.parse(vault.open(secret.sealed, context)) as DraftedPage[] | Record<string, string>;
  // A draft of an older version, without pages: it is not saved.
  return Array.isArray(draft) ? draft : undefined;
}

function isLasting(ref: string): boolean {
  return ref !== 'code' && ref !== 'totp_code' && !isCharacterRef(ref);
}

import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { AuthActivityDeps } from './deps.ts';
import type { TypedValues } from './typed-values.ts';

/** In the place of an interaction: what was typed in the whole flow. */
const DRAFT = 'draft';

const draftId = (flowId: string) => `draft_${flowId}`;

/** Keeps what a person typed until the login has succeeded or ended; sealed, and bound to the flow. One-time codes never. */
export async function draftCredential(
  deps: AuthActivityDeps,
  flowId: string,
  { settings }: ConnectionRecord,
  typed: TypedValues,
): Promise<void> {
  if (!settings.saveCredentials || settings.credential?.provider !== undefined) return;
  const lasting = typed.filter(({ from, ref }) => from.kind === 'submitted' && isLasting(ref));
  if (lasting.length === 0) return;
  const { auth, vault } = deps;
  const flow = await auth.flows.get(flowId);
  if (!flow) return;
  const values = { ...(await readDraft(deps, flowId)) };
  for (const { ref, value } of lasting) values[ref] = value;
  const id = draftId(flowId);
  const sealed = vault.seal(JSON.stringify(values), {
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

/** What a person typed in the flow, by credential key; a new password is the password. */
export async function draftedValues(
  deps: AuthActivityDeps,
  flowId: string,
): Promise<Record<string, string> | undefined> {
  const draft = await readDraft(deps, flowId);
  if (!draft) return undefined;
  const { new_password: newPassword, ...values } = draft;
  return newPassword === undefined ? values : { ...values, password: newPassword };
}

async function readDraft(
  { auth, vault, now }: AuthActivityDeps,
  flowId: string,
): Promise<Record<string, string> | undefined> {
  const id = draftId(flowId);
  const [secret] = await auth.secrets.get(flowId, [id], now().toISOString());
  if (!secret) return undefined;
  const context = { use: 'submitted', flowId, interactionId: DRAFT, secretId: id } as const;
  return JSON.parse(vault.open(secret.sealed, context)) as Record<string, string>;
}

function isLasting(ref: string): boolean {
  return ref !== 'code' && ref !== 'totp_code';
}

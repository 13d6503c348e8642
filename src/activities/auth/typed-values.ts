import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedAct, ValueSource } from '../../core/auth/planned-act.ts';
import { characterAt } from '../../core/fields/partial-password.ts';
import { mayBeTypedOn } from '../../secrets/credential-places.ts';
import type { ResolvedCredential } from '../../secrets/resolve-credential.ts';
import { totpAt } from '../../secrets/totp.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { AuthActivityDeps } from './deps.ts';

/** Why a value is missing. */
export type MissingReason = 'value_gone' | 'totp_used' | 'provider_failed' | 'other_site';

/** A value is missing; nothing was typed. */
export class ValueMissing extends Error {
  override name = 'ValueMissing';
  readonly reason: MissingReason;

  constructor(reason: MissingReason) {
    super(`A value to be typed is missing: ${reason}.`);
    this.reason = reason;
  }
}

/** Values to type, by field; what is stored names the pages that it may be typed on. */
export type TypedValues = {
  fieldId: string;
  ref: string;
  value: string;
  from: ValueSource;
  mayBeTypedOn?(url: string): boolean;
}[];

/** An act, and where its values are typed. */
export interface Typing {
  flowId: string;
  connection: ConnectionRecord;
  act: PlannedAct;
  /** URL of the page that shows the form. */
  page: string;
}

/** With less left than this of a code's time, the next code is waited for, in milliseconds. */
const TOTP_MARGIN_MS = 5_000;

/**
 * Takes the values of an act from where they are kept. What a person submitted is deleted here, before it is typed: it is
 * typed once at most. Nothing is taken where the page is not one that the stored ones are for. Throws {@link ValueMissing}.
 */
export async function takeValues(
  deps: AuthActivityDeps,
  { flowId, connection, act, page }: Typing,
  signal: AbortSignal,
): Promise<TypedValues> {
  const credential = await credentialFor(deps, connection, act);
  const { vouched = [] } = connection.settings;
  const isFor = (url: string) => credential !== undefined && mayBeTypedOn(credential, vouched, url);
  if (credential && !isFor(page)) throw new ValueMissing('other_site');
  const submitted = await takeSubmitted(deps, flowId, act);
  const typed: TypedValues = [];
  const code = await codeFor(deps, act, credential, signal);
  for (const [index, { fieldId, ref, from }] of act.fill.entries()) {
    const value = from.kind === 'totp' ? code(index) : readValue(from, submitted, credential);
    typed.push({ fieldId, ref, value, from, ...(from.kind !== 'submitted' && { mayBeTypedOn: isFor }) });
  }
  return typed;
}

function readValue(
  from: Exclude<ValueSource, { kind: 'totp' }>,
  submitted: Map<string, string>,
  credential: CountedCredential | undefined,
): string {
  if (from.kind === 'submitted') return given(submitted.get(from.secretId));
  const value = given(credential?.values[from.key]);
  return from.position === undefined ? value : given(characterAt(value, from.position));
}

/**
 * The code for each of an act's fields that takes one. An act takes one code, however many fields it is for: where there are
 * as many as it has digits, each gets its own.
 */
async function codeFor(
  deps: AuthActivityDeps,
  { fill }: PlannedAct,
  credential: CountedCredential | undefined,
  signal: AbortSignal,
): Promise<(index: number) => string> {
  const places = fill.flatMap(({ from }, index) => (from.kind === 'totp' ? [index] : []));
  if (places.length === 0) return () => '';
  const code = await nextCode(deps, credential, signal);
  if (places.length !== code.length) return () => code;
  return (index) => code.charAt(places.indexOf(index));
}

function given(value: string | undefined): string {
  if (value === undefined) throw new ValueMissing('value_gone');
  return value;
}

async function takeSubmitted(
  { auth, vault, now }: AuthActivityDeps,
  flowId: string,
  { fill }: PlannedAct,
): Promise<Map<string, string>> {
  const sources = fill.flatMap(({ from }) => (from.kind === 'submitted' ? [from] : []));
  if (sources.length === 0) return new Map();
  const ids = sources.map(({ secretId }) => secretId);
  const secrets = await auth.secrets.get(flowId, ids, now().toISOString());
  const used = sources.filter(({ keep }) => !keep).map(({ secretId }) => secretId);
  await auth.secrets.delete(flowId, used);
  return new Map(
    secrets.map(({ id, interactionId, sealed }) => [
      id,
      vault.open(sealed, { use: 'submitted', flowId, interactionId, secretId: id }),
    ]),
  );
}

/** The connection's credential, and what its one-time codes are counted by. */
interface CountedCredential extends ResolvedCredential {
  countedAs: string;
}

async function credentialFor(
  { credentials, vault }: AuthActivityDeps,
  connection: ConnectionRecord,
  { fill }: PlannedAct,
): Promise<CountedCredential | undefined> {
  if (fill.every(({ from }) => from.kind === 'submitted')) return undefined;
  const resolved = await credentials.resolve(connection).catch(() => {
    throw new ValueMissing('provider_failed');
  });
  if (!resolved) return undefined;
  const { id, totpSecret } = resolved;
  // An external item has no id of ours: its codes are counted by its secret.
  return { ...resolved, countedAs: id ?? `external_${vault.hash(totpSecret ?? '', 'totp').slice(0, 32)}` };
}

/** A code that was never used: each time step counts once per credential, over all flows and workers. */
async function nextCode(
  { auth, now }: AuthActivityDeps,
  credential: CountedCredential | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (credential?.totpSecret === undefined) throw new ValueMissing('value_gone');
  for (let tries = 0; tries < 3; tries += 1) {
    const at = now();
    const { code, step, expiresAt } = totpAt(credential.totpSecret, at);
    const leftMs = expiresAt.getTime() - at.getTime();
    const isFresh =
      leftMs >= TOTP_MARGIN_MS &&
      (await auth.credentials.useTotp(credential.countedAs, step, now().toISOString()));
    if (isFresh) return code;
    await delay(leftMs, undefined, { signal });
  }
  throw new ValueMissing('totp_used');
}

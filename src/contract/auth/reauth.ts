import type { LearntLogin, LoginNeed } from './page.ts';
import type { ReauthReason } from './vocabulary.ts';

/** Where a connection's values come from, without the values. */
export interface CredentialFacts {
  source: 'none' | 'store' | 'external';
  /** Keys of the values that are there; for an external source as of now. */
  keys: string[];
  hasTotpSecret: boolean;
}

export interface Reauth {
  can: boolean;
  reason: ReauthReason;
}

const CODE_REASONS = {
  sms: 'requires_sms_code',
  call: 'requires_sms_code',
  email: 'requires_email_code',
} as const;

/** Whether the connection can log in again by itself, and why. `reauthExhausted`: automatic tries failed too often in a row. */
export function reauthOf(
  learnt: LearntLogin | undefined,
  credential: CredentialFacts,
  reauthExhausted: boolean,
): Reauth {
  if (!learnt) return { can: false, reason: 'no_prior_successful_login' };
  if (reauthExhausted) return { can: false, reason: 'no_viable_plans' };
  const missing = learnt.needs
    .map((need) => missingFor(need, credential))
    .find((reason) => reason !== undefined);
  if (missing !== undefined) return { can: false, reason: missing };
  if (learnt.needs.length === 0) return { can: true, reason: 'no_requirements_recorded' };
  if (credential.source === 'external') return { can: true, reason: 'external_credential' };
  return { can: true, reason: credential.source === 'store' ? 'has_credential' : 'requirements_satisfiable' };
}

function missingFor(need: LoginNeed, credential: CredentialFacts): ReauthReason | undefined {
  if (need.kind === 'external') return 'requires_external_action';
  if (need.kind === 'totp') return credential.hasTotpSecret ? undefined : 'requires_totp_without_secret';
  if (need.kind === 'code') return missingForCode(need.channel, credential);
  if (need.kind === 'choice') return undefined;
  if (credential.source === 'none') return 'no_credential';
  return credential.keys.includes(need.ref) ? undefined : 'requires_customer_input';
}

/** A code of unnamed origin may be one of an authenticator app: with its secret it is tried. */
function missingForCode(
  channel: Extract<LoginNeed, { kind: 'code' }>['channel'],
  { hasTotpSecret }: CredentialFacts,
): ReauthReason | undefined {
  if (channel !== 'other') return CODE_REASONS[channel];
  return hasTotpSecret ? undefined : 'requires_customer_input';
}

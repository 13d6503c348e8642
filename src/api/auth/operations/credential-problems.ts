import type { Credential } from '../../../contract/index.ts';
import { ApiProblem } from '../../problems.ts';

/** What was looked for by id or name; or 404. */
export function foundCredential(idOrName: string, credential: Credential | undefined): Credential {
  if (credential === undefined) throw noSuchCredential(idOrName);
  return credential;
}

export function noSuchCredential(idOrName: string): ApiProblem {
  return new ApiProblem('credential_not_found', `There is no credential ${idOrName}.`);
}

export function credentialNameTaken(existingId: string | undefined): ApiProblem {
  const which = existingId === undefined ? '' : ` (${existingId})`;
  const detail = `There is a credential of that name already${which}. Change that one, or choose another name.`;
  return new ApiProblem('already_exists', detail, existingId === undefined ? {} : { existingId });
}

/** An empty provider is none. */
export function withoutEmptyProvider({
  sso_provider: provider,
}: {
  sso_provider?: string | null | undefined;
}) {
  return provider === undefined ? {} : { sso_provider: provider || null };
}

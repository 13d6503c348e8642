import type { ProfileRecord } from '../../../store/auth-store.ts';
import type { Store } from '../../../store/store.ts';
import { ApiProblem } from '../../problems.ts';

/** The profile of an id, else of a name; or 404. */
export async function findProfile({ auth }: Pick<Store, 'auth'>, idOrName: string): Promise<ProfileRecord> {
  const profile = await auth.profiles.find(idOrName);
  if (profile === undefined) throw noSuchProfile(idOrName);
  return profile;
}

export function noSuchProfile(idOrName: string): ApiProblem {
  return new ApiProblem('profile_not_found', `There is no profile ${idOrName}.`);
}

/** Another profile has the name. */
export async function profileNameTaken({ auth }: Pick<Store, 'auth'>, name: string): Promise<ApiProblem> {
  const existing = await auth.profiles.find(name);
  const detail = 'There is a profile of that name already. Choose another name.';
  return new ApiProblem('already_exists', detail, existing === undefined ? {} : { existingId: existing.id });
}

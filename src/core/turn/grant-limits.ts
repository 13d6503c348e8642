import type { Grant } from '../../contract/index.ts';
import { jsonBytes, MAX_GRANT_BYTES, MAX_GRANTS, MAX_GRANTS_BYTES } from './sizes.ts';

/** Why a session takes no further grant; undefined where it does. */
export function grantLimitFault(grants: Grant[], added: Grant, at: string): string | undefined {
  if (jsonBytes(added) > MAX_GRANT_BYTES) {
    return `The grant is larger than ${MAX_GRANT_BYTES / 1024} KiB: name fewer arguments, or shorter globs.`;
  }
  const inForce = grants.filter((grant) => isInTime(grant, at));
  if (inForce.length >= MAX_GRANTS) {
    return `The session has ${MAX_GRANTS} grants in force: revoke some, or allow this call alone.`;
  }
  if (jsonBytes(inForce) + jsonBytes(added) <= MAX_GRANTS_BYTES) return undefined;
  return `The session's grants take ${MAX_GRANTS_BYTES / 1024} KiB: revoke some, or allow this call alone.`;
}

function isInTime({ expiresAt }: Grant, at: string): boolean {
  return expiresAt === undefined || Date.parse(expiresAt) > Date.parse(at);
}

/** Of more grants than a session may have, those given last, in the same order. */
export function mostGrants(grants: Grant[]): Grant[] {
  const kept: Grant[] = [];
  let bytes = 0;
  for (const grant of grants.toReversed()) {
    const size = jsonBytes(grant) + 1;
    if (size > MAX_GRANT_BYTES) continue;
    if (kept.length >= MAX_GRANTS || bytes + size > MAX_GRANTS_BYTES) break;
    bytes += size;
    kept.push(grant);
  }
  return kept.reverse();
}

import { randomBytes } from 'node:crypto';

/** A new id that begins with the prefix; matches the contract's id pattern. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(15).toString('base64url')}`;
}

import type { PageField } from '../../contract/index.ts';

/** What characters are asked of: the password, or another secret ("memorable word"), which is never answered by itself. */
export type AskedSecret = 'password' | 'secret';

const CHARACTER_REF = /^(password|secret)_character_\d+$/;

/** Credential key of a single character: none is ever stored under it. `place`: which of the boxes, from 1. */
export function characterRef(of: AskedSecret, place: number): string {
  return `${of}_character_${place}`;
}

/** Whether a value is a single character of a secret: it is worth nothing for the next login. */
export function isCharacterRef(ref: string): boolean {
  return CHARACTER_REF.test(ref);
}

/** Under which key a credential holds what answers a field: of a password's character, the password. */
export function credentialKeyOf({ ref, position }: Pick<PageField, 'ref' | 'position'>): string {
  return position !== undefined && ref.startsWith('password_character_') ? 'password' : ref;
}

/** The character at a position, from 1; undefined where the password is shorter. */
export function characterAt(password: string, position: number): string | undefined {
  return [...password][position - 1];
}

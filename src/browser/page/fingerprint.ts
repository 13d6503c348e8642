import { isSetType } from '../../core/fields/field-answers.ts';
import { canonicalJson, sha256Hex } from '../../digest.ts';
import type { PageReading } from './page-reading.ts';

const ID_LIKE = /^(?=.*\d)[\da-z_-]{16,}$|^[\da-f-]{24,}$|^\d{5,}$/i;

/** Path of a URL with what looks like an id of this visit left out. */
export function stablePath(url: string): string {
  if (!URL.canParse(url)) return '';
  const segments = new URL(url).pathname.split('/');
  return segments.map((segment) => (ID_LIKE.test(segment) ? ':id' : segment)).join('/');
}

/**
 * Tells one form from another: by what is asked and where, not by texts, for those change while the question stays.
 * `place`: where the frame is that asks.
 */
export function fingerprintOf(
  reading: Pick<PageReading, 'purpose' | 'fields' | 'choices'>,
  place: string,
): string {
  // Where a code comes from is read off texts, and a complaint may be the first to tell.
  // What is chosen beside a login is asked until it is chosen, and the form stays the same.
  const typed = reading.fields.filter(({ type }) => !isSetType(type));
  const fields = typed.map(({ ref, type, position }) => [
    ref,
    type === 'totp_code' ? 'code' : type,
    // Of a password asked in part: a site that asks for other characters asks something else.
    ...(position === undefined ? [] : [position]),
  ]);
  // What sends a code again comes and goes with the time.
  const choices = reading.choices
    .filter(({ effect }) => effect === undefined)
    .map(({ type, provider, mfaType, maskedDestination }) =>
      [type, provider, mfaType, maskedDestination].join(' '),
    )
    .sort();
  return sha256Hex(canonicalJson([reading.purpose, place, fields, choices])).slice(0, 32);
}

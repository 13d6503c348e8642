/*
 * Texts are a site's: each is taken apart once, at characters that no address and no number has, so that the time grows with
 * its length alone.
 */

const BETWEEN_ADDRESSES = /[\s<>(),:"]/u;
const MASK = /[•*·…xX.]/u;
const TOP_LEVEL = /\.\p{L}{2,}/gu;
const NUMBERS = /[\d() •*·xX+-]{3,}/gu;
const MASKED_DIGITS = /[•*·xX]{2}/u;
const ENDING =
  /(?:ending (?:in|with)|ends (?:in|with)|endet auf|endend auf|terminant par|se terminant par|terminad[oa] en|que termina en|that ends in)\s*:?\s*(\d{2,4})/iu;

/** The phone number or address in a text, as the site masks it. */
export function maskedDestinationIn(text: string): string | undefined {
  const shown = firstOf(addressesIn(text), maskedAddress) ?? firstOf(addressesIn(text), fullAddress);
  const told = shown ?? maskedPhoneIn(text);
  if (told !== undefined) return told.trim();
  const ending = ENDING.exec(text)?.[1];
  return ending === undefined ? undefined : `••${ending}`;
}

/** Whether the text shows a phone number, masked. */
export function hasMaskedPhone(text: string): boolean {
  return (maskedPhoneIn(text) !== undefined || ENDING.test(text)) && !hasEmail(text);
}

/** Whether the text shows an e-mail address, masked or not. */
export function hasEmail(text: string): boolean {
  return addressesIn(text).some((address) => maskedAddress(address) ?? fullAddress(address));
}

interface Address {
  local: string;
  domain: string;
}

/** What stands around each `@`. */
function addressesIn(text: string): Address[] {
  if (!text.includes('@')) return [];
  return text.split(BETWEEN_ADDRESSES).flatMap((word) => {
    const parts = word.split('@');
    return parts.slice(1).map((domain, index) => ({ local: parts[index] ?? '', domain }));
  });
}

function maskedAddress({ local, domain }: Address): string | undefined {
  const end = endBefore(domain, '.!?');
  return MASK.test(local) && end >= 2 ? `${local}@${domain.slice(0, end)}` : undefined;
}

function fullAddress({ local, domain }: Address): string | undefined {
  const last = [...domain.matchAll(TOP_LEVEL)].findLast(({ index }) => index > 0);
  if (local === '' || last === undefined) return undefined;
  return `${local}@${domain.slice(0, last.index + last[0].length)}`;
}

function maskedPhoneIn(text: string): string | undefined {
  return firstOf(text.match(NUMBERS) ?? [], (run) => firstOf(run.split(/(?=\+)/), maskedPhone));
}

/** Digits and blanks, then at least two masked ones, then anything of both, and at least two digits at the end. */
function maskedPhone(run: string): string | undefined {
  const masked = run.search(MASKED_DIGITS);
  if (masked < 0) return undefined;
  const digits = [...run.slice(masked).matchAll(/\d+/g)].findLast(([found]) => found.length >= 2);
  if (digits === undefined) return undefined;
  const start = Math.max(...[...'•*·xX'].map((mask) => run.lastIndexOf(mask, masked - 1))) + 1;
  return run.slice(masked === 0 ? 0 : start, masked + digits.index + digits[0].length);
}

function endBefore(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? '')) end -= 1;
  return end;
}

function firstOf<T>(items: readonly T[], read: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = read(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/*
 * What of a page may tell who somebody is, or let somebody in, where the value itself is not known. Each rule puts something of
 * the same kind in its place, so that a page is read as before.
 */

const REMOVED = '•••';
const SOMEONE = 'someone@example.com';
const WORD = /[^\s"'<>(),]+/gu;
const NUMBER = /[+\d][\d ().\-/]*/gu;
/** Of a number of fewer digits it may be a count, or the rest that a page shows of a masked one. */
const TELLING_DIGITS = 4;
/** "•• 12", "ending in 12": the end of a number that the page has masked. */
const MASKED_NUMBER = /(?:[•*·x]{2}[ -]?|ending in |ends in |ending with )\d{1,4}/giu;
const GREETING =
  /(?:[Ww]elcome|[Ww]elcome [Bb]ack|[Hh]ello|[Hh]i|[Hh]allo|[Ww]illkommen|[Ww]illkommen zurück|[Bb]onjour|[Bb]ienvenue|[Hh]ola|[Bb]ienvenid[oa]|[Cc]iao|[Cc]ontinue as|(?:[Ss]igned|[Ll]ogged|[Ss]ign|[Ll]og) in as|[Aa]ngemeldet als|[Ww]eiter als|[Cc]onnecté en tant que|[Cc]ontinuer en tant que|[Cc]ontinuar como)[,:]? (\p{Lu}[\p{L}'.-]{0,30}(?: \p{Lu}[\p{L}'.-]{0,30}){0,3})/gu;

const digitsIn = (text: string) => text.replaceAll(/\D/g, '').length;
const zeroed = (text: string) => text.replaceAll(/\d/g, '0');

/** JWTs, session ids, hashes, UUIDs: words that a program made up. */
const isToken = (word: string) =>
  /[a-z]/i.test(word) &&
  digitsIn(word) > 0 &&
  (word.length >= 24 || (word.length >= 16 && digitsIn(word) >= 3));

/** A text of the site without addresses, numbers and names that may be somebody's. */
export function impersonal(text: string): string {
  return text
    .replaceAll(WORD, impersonalWord)
    .replaceAll(GREETING, (whole, name: string) => `${whole.slice(0, -name.length)}${REMOVED}`)
    .replaceAll(NUMBER, (number) => (digitsIn(number) >= TELLING_DIGITS ? zeroed(number) : number))
    .replaceAll(MASKED_NUMBER, zeroed);
}

function impersonalWord(word: string): string {
  const end = /[.!?:;]$/.exec(word)?.[0] ?? '';
  const bare = end === '' ? word : word.slice(0, -1);
  if (/^https?:\/\//i.test(bare)) return impersonalUrl(bare) + end;
  if (bare.slice(1).includes('@')) return SOMEONE + end;
  return withoutTokens(bare) + end;
}

/** A name, id or selector of the site's without what is of one visit only. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/[\w+=~.%-]+/gu, (word) => (isToken(word) ? REMOVED : word));
}

/** The parts that name a visit or somebody are left out of the path; parameters keep their names only. */
export function impersonalUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text.includes('@') ? SOMEONE : withoutTokens(text);
  if (!/^https?:$/.test(url.protocol)) return url.protocol;
  const path = url.pathname.split('/').map((segment) => (isPersonal(segment) ? REMOVED : segment));
  const names = [...new Set(url.searchParams.keys())].map(withoutTokens);
  const query = names.length === 0 ? '' : `?${names.map((name) => `${name}=`).join('&')}`;
  return `${url.origin}${path.join('/')}${query}${/^#[a-z/_-]{1,30}$/i.test(url.hash) ? url.hash : ''}`;
}

function isPersonal(segment: string): boolean {
  if (segment.includes('@') || segment.includes('%40') || segment.includes(';')) return true;
  return segment.length > 60 || /^\d{5,}$/.test(segment) || withoutTokens(segment) !== segment;
}

/** Words of addresses that are nobody's name. */
const COMMON =
  /^(?:user(?:name)?|admin(?:istrator)?|root|test(?:er)?|demo|login|mail|email|info|name|password|account|office|support|contact|sales|team|guest|default|profile|public|user\d+)$/i;

/** The value, and the words of an e-mail address or a profile's name that may be a person's name. */
export function namesIn(value: string): string[] {
  const words = value.split('@')[0]?.split(/[^\p{L}]+/u) ?? [];
  return words.filter((word) => word.length >= 3 && !COMMON.test(word));
}

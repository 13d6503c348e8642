/** Stands where a part of a path was left out. */
const LEFT_OUT = '…';

/** A web address as an operator may read it: origin and path, without parts that name a visit, a person or a session. */
export function shownPath(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return '';
  const { origin, pathname } = parsed;
  return (
    origin +
    pathname
      .split('/')
      .map((part) => (isTelling(part) ? LEFT_OUT : part))
      .join('/')
  );
}

/** Numbers of many digits, long words with digits in them or without an end, e-mail addresses, path parameters. */
function isTelling(part: string): boolean {
  if (part.includes('@') || part.includes('%40') || part.includes(';')) return true;
  const digits = part.replaceAll(/\D/g, '').length;
  if (digits === part.length) return digits >= 5;
  return part.length >= 40 || (part.length >= 16 && digits > 0);
}

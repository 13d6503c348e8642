import type { Control } from './frame-snapshot.ts';

/** A list of links that is longer is a menu: nobody has so many accounts or second factors. */
const LINKS_OF_A_CHOICE = 8;

/** The lists of a page that are menus, as {@link listOf} names them. */
export function menusOf(controls: readonly Control[]): ReadonlySet<string> {
  const lengths = new Map<string, number>();
  for (const control of controls.filter(({ kind, shown }) => kind === 'link' && shown)) {
    const list = listOf(control);
    if (list !== '') lengths.set(list, (lengths.get(list) ?? 0) + 1);
  }
  return new Set([...lengths].flatMap(([list, length]) => (length > LINKS_OF_A_CHOICE ? [list] : [])));
}

/** The outermost list around a control, so that the entries of menus within a menu count as one; empty where it is in none. */
export function listOf({ xpath }: Control): string {
  const end = xpath.search(/\/(ul|ol|dl|menu)\[/);
  return end < 0 ? '' : xpath.slice(0, xpath.indexOf(']', end) + 1);
}

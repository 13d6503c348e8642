import type { FrameSnapshot } from '../page/frame-snapshot.ts';
import type { Scrubber } from '../scrubber.ts';
import { impersonal, impersonalUrl, withoutTokens } from './personal-words.ts';

/** Where an address stands. */
const ADDRESSES = new Set(['url', 'href', 'action', 'src', 'origin']);
/** Words of HTML and of the site's programmers, by which a page is read: numbers and names stay in them. */
const MARKUP = new Set([
  ...['kind', 'tag', 'type', 'name', 'id', 'autocomplete', 'inputMode', 'region', 'method', 'ready', 'live'],
  ...['path', 'xpath'],
]);
/** Longest text that is kept. */
const TEXT_CHARACTERS = 600;

/**
 * A snapshot without what was typed or is stored, and without what may be somebody's. Whatever it holds beside what is known
 * here counts as a text of the site, which is cleaned the most.
 */
export function scrubSnapshot(snapshot: FrameSnapshot, scrubber: Pick<Scrubber, 'scrub'>): FrameSnapshot {
  const cleaned = new Map<string, string>();
  const clean = (key: string, text: string): string => {
    if (text.length < 2) return text;
    const way = ADDRESSES.has(key) ? impersonalUrl : MARKUP.has(key) ? withoutTokens : impersonal;
    const id = `${way.name} ${text}`;
    const known = cleaned.get(id);
    if (known !== undefined) return known;
    // What is known goes first, while it is whole, and last, since a rule may have joined what was apart.
    const result = scrubber.scrub(way(scrubber.scrub(text))).slice(0, TEXT_CHARACTERS);
    cleaned.set(id, result);
    return result;
  };
  return walk(snapshot, '', clean) as FrameSnapshot;
}

/** The same value with each string cleaned as its key says; members of a list by the key of the list. */
function walk(value: unknown, key: string, clean: (key: string, text: string) => string): unknown {
  if (typeof value === 'string') return clean(key, value);
  if (Array.isArray(value)) return value.map((member) => walk(member, key, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, name, clean)]));
}

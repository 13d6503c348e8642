/** Removes what was typed in a login from every text that leaves the browser. */
export interface Scrubber {
  /** From here on this value is removed. */
  add(value: string): void;
  /** The text without any value, however it is written: raw, trimmed, in other case, encoded for URL, HTML, JSON or base64. */
  scrub(text: string): string;
  /** What was added. */
  values(): readonly string[];
  /** Whether the text holds a value. */
  finds(text: string): boolean;
}

/** Stands where a value was. */
export const REMOVED = '•••';

/** Shorter values, and words shorter than the second, are removed only where they stand alone: "user" is no part of "Username". */
const VALUE_LENGTH = 4;
const WORD_LENGTH = 8;

export function createScrubber(): Scrubber {
  const patterns = new Map<string, RegExp>();
  const values = new Set<string>();

  return {
    add(value) {
      values.add(value);
      for (const variant of variantsOf(value)) patterns.set(variant, patternOf(variant));
    },
    scrub: (text) => byLength(patterns).reduce((left, pattern) => left.replaceAll(pattern, REMOVED), text),
    values: () => [...values],
    finds: (text) => [...patterns.values()].some((pattern) => text.search(pattern) !== -1),
  };
}

/** The longest first, so that no part of a value is left of it. */
const byLength = (patterns: Map<string, RegExp>) =>
  [...patterns].sort(([a], [b]) => b.length - a.length).map(([, pattern]) => pattern);

function variantsOf(value: string): Set<string> {
  const plain = [value, value.normalize('NFC'), value.trim()].filter((text) => text.trim() !== '');
  return new Set(plain.flatMap((text) => [text, ...encoded(text)]));
}

function encoded(text: string): string[] {
  const percent = encodeURIComponent(text.toWellFormed());
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
  return [
    percent,
    encodeURIComponent(percent),
    encodeURI(text.toWellFormed()),
    form,
    ...htmlEscaped(text),
    JSON.stringify(text).slice(1, -1),
    // Shorter ones stand in too many words.
    ...(base64.length >= 8 ? [base64, base64.replaceAll('+', '-').replaceAll('/', '_')] : []),
  ];
}

function htmlEscaped(text: string): string[] {
  const basic = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = basic.replaceAll('"', '&quot;');
  return [basic, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&#x27;')];
}

/** Finds a text in any case, with any white space where there is some. */
export function patternOf(variant: string): RegExp {
  const parts = variant.split(/\s+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const pattern = parts.join('\\s+');
  const neighbours = neighboursOf(variant);
  return new RegExp(neighbours === '' ? pattern : `(?<!${neighbours})${pattern}(?!${neighbours})`, 'giu');
}

/** What may not stand beside it; nothing where it is removed wherever it stands. */
function neighboursOf(variant: string): string {
  const { length } = [...variant];
  if (length < VALUE_LENGTH) return '[\\p{L}\\p{N}]';
  return length < WORD_LENGTH && /^\p{L}+$/u.test(variant) ? '\\p{L}' : '';
}

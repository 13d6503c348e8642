/*
 * What zod checks by a function is not in the API's document unless it is said there in JSON Schema. Schemas say it in their
 * metadata, with these words; nothing is checked by them.
 */

/** Properties that are absent. */
export function without(...names: string[]): Record<string, boolean> {
  return Object.fromEntries(names.map((name) => [name, false]));
}

/** Where `when` fits, `then` holds as well. */
export function implied(when: object, then: object): object {
  return { if: when, then };
}

/** A pattern for the whole numbers from 1 to `max`, as they are written without leading zeros. */
export function upToPattern(max: number): string {
  const digits = String(max);
  const shorter = digits.length > 1 ? [`[1-9]\\d{0,${digits.length - 2}}`] : [];
  const asLong = [...digits].flatMap((digit, at) => {
    const lowest = at === 0 ? 1 : 0;
    const below = Number(digit) - 1;
    if (below < lowest) return [];
    const smaller = below === lowest ? String(lowest) : `[${lowest}-${below}]`;
    return [digits.slice(0, at) + smaller + anyDigits(digits.length - at - 1)];
  });
  return `(${[...shorter, ...asLong, digits].join('|')})`;
}

function anyDigits(count: number): string {
  if (count < 2) return '\\d'.repeat(count);
  return `\\d{${count}}`;
}

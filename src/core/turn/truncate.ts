import type { Truncation } from '../../contract/index.ts';

/** How much of a result the model is shown, in Unicode characters. */
export const MODEL_CHARACTERS = 6_000;

/**
 * Cuts a text for the model: its first 6,000 Unicode characters (code points), then a line that says how many there
 * were. A shorter text stays as it is, without `truncated`.
 */
export function truncateForModel(text: string): { text: string; truncated?: Truncation } {
  if (text.length <= MODEL_CHARACTERS) return { text };
  const { count, cutAt } = measure(text);
  if (count <= MODEL_CHARACTERS) return { text };
  return {
    text: `${text.slice(0, cutAt)}\n[truncated: ${MODEL_CHARACTERS} of ${count} characters]`,
    truncated: { shownCharacters: MODEL_CHARACTERS, ofCharacters: count },
  };
}

function measure(text: string): { count: number; cutAt: number } {
  let count = 0;
  let units = 0;
  let cutAt = 0;
  for (const character of text) {
    if (count === MODEL_CHARACTERS) cutAt = units;
    count += 1;
    units += character.length;
  }
  return { count, cutAt };
}

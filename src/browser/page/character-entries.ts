import type { AskedSecret } from '../../core/fields/partial-password.ts';
import type { Control } from './frame-snapshot.ts';
import type { PartialPassword } from './partial-password.ts';
import { numbersIn } from './words/partial-words.ts';

/** Which character of which secret a control asks for. */
export interface AskedCharacter {
  of: AskedSecret;
  /** Which of the boxes, from 1. */
  place: number;
  /** How many boxes there are. */
  count: number;
  /** Which character of the secret, from 1; absent where the page does not tell. */
  position?: number;
}

/** The question for one character. */
interface CharacterEntry {
  kind: 'character';
  controls: Control[];
  character: AskedCharacter;
}

/** One entry for each character that is asked for. */
export function characterEntries({ controls, positions, of }: PartialPassword): CharacterEntry[] {
  return controls.map((control, index): CharacterEntry => {
    const position = positions?.[index];
    const character = { of, place: index + 1, count: controls.length };
    return {
      kind: 'character',
      controls: [control],
      character: { ...character, ...(position !== undefined && { position }) },
    };
  });
}

/** Position and label of a character, as a person is asked for it. */
export function characterField({ of, place, count, position }: AskedCharacter, { label }: Control) {
  return {
    label: labelFor(label),
    ...(position !== undefined && { position }),
  };

  /** The site's own label where it names the character; a bare "2" does not say what is meant. */
  function labelFor(own: string): string {
    const isTelling = position !== undefined && numbersIn(own)?.join() === String(position);
    if (isTelling && /\p{L}{4}/u.test(own)) return own;
    if (position !== undefined) return `Character ${position} of the ${of}`;
    return `${own || `Character of the ${of}`} (box ${place} of ${count})`;
  }
}

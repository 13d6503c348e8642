import type { AskedSecret } from '../../core/fields/partial-password.ts';
import { isFillable, wordsOf } from './field-kind.ts';
import type { Control, FrameSnapshot } from './frame-snapshot.ts';
import { PASSWORD } from './words/field-words.ts';
import { numbersIn, OF_PASSWORD, OTHER_SECRET, SINGLE_CHARACTERS } from './words/partial-words.ts';

/** A password of which only some characters are asked, each in a control of its own. */
export interface PartialPassword {
  controls: Control[];
  /** Which characters, from 1; undefined where the page does not tell. */
  positions: number[] | undefined;
  of: AskedSecret;
}

/** A code has this many boxes at least; fewer password boxes are characters of a password. */
const FEWEST_OF_CODE = 4;
const MOST = 12;
const LONGEST_PASSWORD = 64;

/**
 * The boxes of a group that ask for single characters of a password. Six boxes may be a code as well, so that something must
 * tell: numbers that skip some, boxes between them that are shut, or a text that says so.
 */
export function partialPasswordOf(snapshot: FrameSnapshot, group: number): PartialPassword | undefined {
  const own = snapshot.controls.filter((control) => control.group === group && control.shown);
  const selects = own.filter(isLetterSelect);
  const boxes = own.filter(isBox);
  const controls = selects.length > 0 ? selects : boxes.filter(isOpen);
  if (controls.length === 0 || controls.length > MOST) return undefined;
  const text = textThatAsks(snapshot, group, controls.length);
  const told = labelled(controls) ?? (text === undefined ? undefined : numbersIn(text));
  const positions = told ?? inRow(controls, boxes);
  if (!isPartial(controls, boxes, positions, text)) return undefined;
  const words = [text ?? aroundOf(snapshot, group), ...controls.map(wordsOf)].join(' | ');
  const isPassword =
    NAMES_PASSWORD.some((pattern) => pattern.test(words)) &&
    !OTHER_SECRET.test(words) &&
    !own.some(isWholePassword);
  return { controls, positions, of: isPassword ? 'password' : 'secret' };
}

function isPartial(
  controls: readonly Control[],
  boxes: readonly Control[],
  positions: readonly number[] | undefined,
  text: string | undefined,
): boolean {
  if (text !== undefined) return true;
  const [first] = controls;
  if (first?.kind === 'select') return positions !== undefined;
  const secret = controls.every(({ type }) => type === 'password');
  if (secret && controls.length > 1 && controls.length < FEWEST_OF_CODE) return true;
  if (secret && boxes.length > controls.length) return true;
  const skips = positions?.some((position, index) => position !== index + 1) === true;
  return skips && controls.length > 1 && controls.some((control) => asksCharacter(control));
}

const asksCharacter = ({ type, label }: Control) => type === 'password' || SINGLE_CHARACTERS.test(label);

function isBox({ kind, maxLength, type }: Control): boolean {
  return kind === 'input' && maxLength === 1 && ['', 'text', 'password', 'tel', 'number'].includes(type);
}

/** Not filled by the site: banks show all characters and leave those open that they ask for. */
function isOpen(control: Control): boolean {
  return isFillable(control) && control.empty;
}

/** A list of single letters or digits. */
function isLetterSelect({ kind, options, disabled }: Control): boolean {
  const real = options.filter(({ empty }) => !empty);
  return kind === 'select' && !disabled && real.length >= 10 && real.every(({ label }) => label.length === 1);
}

function isWholePassword({ kind, type, maxLength, disabled }: Control): boolean {
  return kind === 'input' && type === 'password' && maxLength !== 1 && !disabled;
}

/** Positions by the controls' own labels: one number in each, growing. */
function labelled(controls: readonly Control[]): number[] | undefined {
  const numbers = controls.map(({ label }) => numbersIn(label)?.[0]);
  return growing(
    numbers.filter((number) => number !== undefined),
    controls.length,
  );
}

/** Positions by the place in a row of boxes of which the others are shut. */
function inRow(controls: readonly Control[], boxes: readonly Control[]): number[] | undefined {
  if (boxes.length <= controls.length) return undefined;
  return growing(
    controls.map((control) => boxes.indexOf(control) + 1),
    controls.length,
  );
}

const NAMES_PASSWORD = [PASSWORD, OF_PASSWORD];

/** What is said around the boxes, where no text counts the characters. */
function aroundOf(snapshot: FrameSnapshot, group: number): string {
  const { heading = '', text = '' } = snapshot.groups[group] ?? {};
  return [heading, text, ...snapshot.headings].join(' | ');
}

/** The shortest text of the page that asks for as many characters as there are controls, by number. */
function textThatAsks(snapshot: FrameSnapshot, group: number, count: number): string | undefined {
  const texts = [
    ...snapshot.texts.map(({ text }) => text),
    ...snapshot.headings,
    ...snapshot.controls.filter((control) => control.group === group).map(({ label }) => label),
    snapshot.groups[group]?.heading ?? '',
    snapshot.groups[group]?.text ?? '',
  ];
  return texts
    .filter((text) => SINGLE_CHARACTERS.test(text) && growing(numbersIn(text) ?? [], count) !== undefined)
    .toSorted((a, b) => a.length - b.length)[0];
}

function growing(numbers: readonly number[], count: number): number[] | undefined {
  const isGrowing = numbers.every((number, index) => number > (numbers[index - 1] ?? 0));
  const isWhole = numbers.length === count && numbers.every((number) => number <= LONGEST_PASSWORD);
  return isGrowing && isWhole ? [...numbers] : undefined;
}

import type { Control } from './frame-snapshot.ts';
import { CODE, STRONG_CODE } from './words/field-words.ts';

const FEWEST = 4;
const MOST = 8;
/** Boxes for one character are hardly wider. */
const NARROW_PX = 100;
/** What boxes of a row may differ by. */
const SLACK_PX = 4;

/** Joins neighbouring inputs for one character each to one entry; every other input is an entry of its own. */
export function joinBoxes(controls: readonly Control[]): Control[][] {
  const entries: Control[][] = [];
  let run: Control[] = [];
  const endRun = () => {
    if (areBoxes(run)) entries.push(run);
    else entries.push(...run.map((control) => [control]));
    run = [];
  };
  for (const control of controls) {
    const [first] = run;
    if (first !== undefined && !isLike(first, control)) endRun();
    run.push(control);
  }
  endRun();
  return entries;
}

/** Whether two inputs are boxes of one code: of one type and length, and told apart by nothing but a number. */
function isLike(first: Control, other: Control): boolean {
  if (first.type !== other.type || first.autocomplete.startsWith('cc-')) return false;
  if (first.maxLength === 1 && other.maxLength === 1) return true;
  return (isNumbered(first, other) || isInRow(first, other)) && isSameName(first, other);
}

/** Of inputs that are given no label the first takes the text that stands before the row. */
function isSameName(first: Control, other: Control): boolean {
  return other.label === '' || withoutNumbers(first.label) === withoutNumbers(other.label);
}

function isNumbered(first: Control, other: Control): boolean {
  const own = first.name || first.id;
  const theirs = other.name || other.id;
  return own !== theirs && own !== '' && withoutNumbers(own) === withoutNumbers(theirs);
}

function isInRow(first: Control, other: Control): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) <= SLACK_PX;
  return near(first.top, other.top) && near(first.width, other.width) && other.width <= NARROW_PX;
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}

function areBoxes(run: readonly Control[]): boolean {
  const [first] = run;
  if (first === undefined || run.length < FEWEST || run.length > MOST) return false;
  // More than one character each: the groups of a card number or of a licence key. Where boxes take pasted text, the
  // whole code fits into each, or into the first.
  if (run.slice(1).some(({ maxLength }) => maxLength > 1 && maxLength !== run.length)) return false;
  if (run.every(({ maxLength }) => maxLength === 1)) return true;
  const words = `${first.name} ${first.id} ${first.label} ${first.hint}`.replaceAll(
    /[_-]|(?<=\p{Ll})(?=\p{Lu})/gu,
    ' ',
  );
  const isCode = STRONG_CODE.test(words) || CODE.test(words) || first.autocomplete === 'one-time-code';
  const isDigit = ['tel', 'number'].includes(first.type) || first.inputMode === 'numeric';
  return isCode || isDigit || (run.every(({ width }) => width <= NARROW_PX) && first.type !== 'email');
}

import { namesIn } from '../report/personal-words.ts';
import { patternOf } from '../scrubber.ts';

/** Parts that are covered on every page, each with its reason. */
const COVERED: readonly string[] = [
  // Whatever stands in a field: typed, filled in by the site, or chosen.
  'input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image])',
  'textarea, select, output, meter, progress',
  '[contenteditable]:not([contenteditable=false])',
  '[role=textbox], [role=searchbox], [role=combobox], [role=spinbutton]',
  // What cannot be looked into: a picture of it may show what was typed.
  'canvas, video, object, embed',
  // A code to be scanned is a secret, or lets somebody in.
  'img[src^="blob:"], img[src^="data:image/png"]',
  ':is(img, svg, div, figure, picture, table):is([class*="qr" i], [id*="qr" i], [alt*="qr code" i], [aria-label*="qr code" i]):not(:has(input))',
];

/** CSS of the parts that are covered. */
export const COVERED_PARTS = COVERED.join(', ');

/** Applied while the picture is taken: also for a field that appears once the others are covered. */
export const BLANKED = `
input:not([type=submit], [type=button], [type=reset]), textarea, select, [contenteditable] {
  color: transparent !important;
  -webkit-text-fill-color: transparent !important;
  text-shadow: none !important;
  background-image: none !important;
}`;

/** Texts that are covered on every page, each with its reason. */
const PERSONAL: readonly RegExp[] = [
  // An address; also with stars in it.
  /[^\s@]{1,64}@[^\s@]{1,255}\.\p{L}{2,63}/gu,
  // Six digits and more, however grouped: a number of a phone, an account or a person; a code.
  /(?:\d[ .()/-]{0,2}){6,}/gu,
  // A secret to be typed into an authenticator: base32 in one piece or in groups of four.
  /(?<![A-Za-z0-9])(?=[A-Z ]*[2-7])(?:[A-Z2-7]{4}[ -]?){4,}(?![A-Za-z0-9])/gu,
];

/** What finds a text that is covered. `values`: typed in this login, or known of the person. */
export function coveredTexts(values: readonly string[]): RegExp[] {
  const known = values.flatMap((value) => [value, value.trim(), ...namesIn(value)]);
  return [...[...new Set(known)].filter((text) => text.trim() !== '').map(patternOf), ...PERSONAL];
}

/** A piece of text of a page; neighbours of one block stand in one line of thought. */
export interface TextPiece {
  text: string;
  block: number;
}

/** Indices of the pieces that hold a part of what is found; a text may go on from piece to piece. */
export function piecesToCover(pieces: readonly TextPiece[], found: readonly RegExp[]): number[] {
  const covered = new Set<number>();
  for (let from = 0, to = 0; from < pieces.length; from = to) {
    const { block } = pieces[from] as TextPiece;
    while (to < pieces.length && pieces[to]?.block === block) to += 1;
    for (const index of inBlock(pieces.slice(from, to), found)) covered.add(from + index);
  }
  return [...covered];
}

function inBlock(pieces: readonly TextPiece[], found: readonly RegExp[]): number[] {
  const whole = pieces.map(({ text }) => text).join('');
  const spans = found.flatMap((pattern) =>
    [...whole.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length] as const),
  );
  let end = 0;
  return pieces.flatMap(({ text }, index) => {
    const start = end;
    end += text.length;
    return spans.some(([from, to]) => from < end && to > start) ? [index] : [];
  });
}

/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

type Piece = Html | readonly Html[] | string | number | undefined | false;

/** Writes markup; strings put into it are escaped, markup is not, `undefined` and `false` are nothing. */
export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let markup = texts[0] ?? '';
  pieces.forEach((piece, index) => {
    markup += written(piece) + (texts[index + 1] ?? '');
  });
  return { markup };
}

/** A script of the page. Its code must not contain `</script`. */
export function script(code: string): Html {
  return { markup: `<script>${code}</script>` };
}

/** A value as a literal for {@link script}: JSON that cannot end the script. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

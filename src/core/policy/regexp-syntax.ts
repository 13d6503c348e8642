/** An expression holds something that is not matched in linear time here. */
export class UnsupportedRegExp extends Error {
  override name = 'UnsupportedRegExp';
}

/** Whether a UTF-16 unit is taken. */
export type Test = (unit: number) => boolean;

/** A part of an expression. */
export type Node =
  | { kind: 'unit'; test: Test }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'either'; options: Node[] }
  | { kind: 'repeat'; body: Node; min: number; max: number }
  | { kind: 'ahead'; body: Node; isWanted: boolean }
  | { kind: 'start' }
  | { kind: 'end' };

/** No upper bound. */
export const MANY = Number.POSITIVE_INFINITY;
const MAX_AHEAD = 8;
const MAX_NESTING = 200;
const QUANTIFIER = /^(?:[*+?]|\{(\d{1,3})(,?)(\d{0,3})\})\??/;

function countsOf([text, least, comma, most]: RegExpExecArray): { min: number; max: number } {
  if (text.startsWith('*')) return { min: 0, max: MANY };
  if (text.startsWith('+')) return { min: 1, max: MANY };
  if (text.startsWith('?')) return { min: 0, max: 1 };
  const min = Number(least);
  if (comma === '') return { min, max: min };
  return { min, max: most === '' ? MANY : Number(most) };
}

/** Reads the source of an expression for whole texts. Throws {@link UnsupportedRegExp}. */
export function parseRegExp(source: string, dotAll: boolean): Node {
  let at = 0;
  const dot = classTest('.', dotAll);

  function either(depth: number): Node {
    if (depth > MAX_NESTING) throw new UnsupportedRegExp('groups are nested too deeply');
    const options = [sequence(depth)];
    while (source[at] === '|') {
      at += 1;
      options.push(sequence(depth));
    }
    return options.length === 1 && options[0] ? options[0] : { kind: 'either', options };
  }

  function sequence(depth: number): Node {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')')
      parts.push(quantified(atom(depth)));
    return { kind: 'sequence', parts };
  }

  function quantified(body: Node): Node {
    const quantifier = QUANTIFIER.exec(source.slice(at, at + 12));
    if (quantifier === null) return body;
    if (body.kind === 'ahead' || body.kind === 'start' || body.kind === 'end') {
      throw new UnsupportedRegExp('what is repeated is no text');
    }
    at += quantifier[0].length;
    return { kind: 'repeat', body, ...countsOf(quantifier) };
  }

  function atom(depth: number): Node {
    const char = source[at] ?? '';
    at += 1;
    switch (char) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'unit', test: dot };
      case '(':
        return group(depth);
      case '[':
        return { kind: 'unit', test: bracket() };
      case '\\':
        return { kind: 'unit', test: escaped() };
      case '*':
      case '+':
      case '?':
        throw new UnsupportedRegExp('nothing to repeat');
      default: {
        const unit = char.charCodeAt(0);
        return { kind: 'unit', test: (other) => other === unit };
      }
    }
  }

  function group(depth: number): Node {
    const [opening] = /^\?(?::|=|!)/.exec(source.slice(at, at + 2)) ?? [''];
    if (opening === '' && source[at] === '?')
      throw new UnsupportedRegExp('a kind of group that is not known');
    at += opening.length;
    const body = either(depth + 1);
    if (source[at] !== ')') throw new UnsupportedRegExp('a group is left open');
    at += 1;
    if (opening === '' || opening === '?:') return { kind: 'sequence', parts: [body] };
    if (longest(body) > MAX_AHEAD) throw new UnsupportedRegExp('it looks ahead without a bound');
    return { kind: 'ahead', body, isWanted: opening === '?=' };
  }

  function bracket(): Test {
    const from = at - 1;
    while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
    if (at >= source.length) throw new UnsupportedRegExp('a class is left open');
    at += 1;
    return classTest(source.slice(from, at), dotAll);
  }

  function escaped(): Test {
    const char = source[at] ?? '';
    at += 1;
    if (char === '' || /[0-9bBckpPux]/.test(char)) throw new UnsupportedRegExp(`"\\${char}"`);
    return classTest(`\\${char}`, dotAll);
  }

  const root = either(0);
  if (at < source.length) throw new UnsupportedRegExp('a group is closed that was not opened');
  if (!isAnchored(root)) throw new UnsupportedRegExp('it is not for a whole text');
  return root;
}

function isAnchored(root: Node): boolean {
  return root.kind === 'sequence' && root.parts[0]?.kind === 'start' && root.parts.at(-1)?.kind === 'end';
}

/** The engine's own reading of something that stands for one UTF-16 unit; of ASCII it is asked once. */
function classTest(source: string, dotAll: boolean): Test {
  const one = singleUnit(source, dotAll);
  const known: (boolean | undefined)[] = new Array(128);
  return (unit) => {
    const answer = known[unit] ?? one.test(String.fromCharCode(unit));
    if (unit < 128) known[unit] = answer;
    return answer;
  };
}

function singleUnit(source: string, dotAll: boolean): RegExp {
  try {
    return new RegExp(`^${source}$`, dotAll ? 's' : '');
  } catch (error) {
    throw new UnsupportedRegExp(error instanceof Error ? error.message : String(error));
  }
}

/** Most units that a node takes. */
function longest(node: Node): number {
  switch (node.kind) {
    case 'unit':
      return 1;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + longest(part), 0);
    case 'either':
      return Math.max(...node.options.map(longest));
    case 'repeat':
      return longest(node.body) === 0 ? 0 : longest(node.body) * node.max;
    case 'ahead':
    case 'start':
    case 'end':
      return 0;
  }
}

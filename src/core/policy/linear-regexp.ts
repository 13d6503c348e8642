import { MANY, type Node, parseRegExp, type Test, UnsupportedRegExp } from './regexp-syntax.ts';

/**
 * Regular expressions that cannot hold whoever runs them: a match takes time in proportion to pattern times text, since all
 * ways through the pattern are followed at once, one character after another. Takes what glob patterns are translated to:
 * literals, classes, groups, alternatives, quantifiers, and lookahead of a few characters. Pure, so that workflows can use it.
 */

/** Steps that may still be taken. A match that needs more throws {@link OutOfSteps}; the same match always needs the same. */
export interface Steps {
  left: number;
}

/** A match was given up: what it was allowed to cost is spent. */
export class OutOfSteps extends Error {
  override name = 'OutOfSteps';
}

/** Whether the whole expression matches, from the start of the text. */
export type LinearTest = (text: string, steps: Steps) => boolean;

/** One instruction: `next` follows; a `fork` also goes on at `other`. */
type Instruction =
  | { kind: 'unit'; test: Test; next: number }
  | { kind: 'fork'; next: number; other: number }
  | { kind: 'assert'; holds: Machine; next: number }
  | { kind: 'done' };

type Machine = (text: string, from: number, steps: Steps) => boolean;

const MAX_INSTRUCTIONS = 8_000;

/** Reads the source of a regular expression for whole texts (`^…$`), without flags or with `s`. Throws {@link UnsupportedRegExp}. */
export function linearRegExp(source: string, { dotAll }: { dotAll: boolean }): LinearTest {
  const matches = machine(compile(parseRegExp(source, dotAll)));
  return (text, steps) => matches(text, 0, steps);
}

/** Instructions are written from the end backwards, so that each knows what follows it. The last one is the first to run. */
function compile(root: Node): Instruction[] {
  const program: Instruction[] = [];
  const put = (instruction: Instruction): number => {
    if (program.length >= MAX_INSTRUCTIONS) throw new UnsupportedRegExp('it is too large');
    return program.push(instruction) - 1;
  };

  function before(node: Node, next: number): number {
    switch (node.kind) {
      case 'unit':
        return put({ kind: 'unit', test: node.test, next });
      case 'sequence':
        return node.parts.reduceRight((following, part) => before(part, following), next);
      case 'either':
        return node.options
          .map((option) => before(option, next))
          .reduce((first, other) => put({ kind: 'fork', next: first, other }));
      case 'repeat':
        return repeated(node, next);
      case 'ahead':
        return put({ kind: 'assert', holds: looksAhead(node.body, node.isWanted), next });
      case 'start':
        return put({ kind: 'assert', holds: (_text, at) => at === 0, next });
      case 'end':
        return put({ kind: 'assert', holds: (text, at) => at === text.length, next });
    }
  }

  function repeated({ body, min, max }: Extract<Node, { kind: 'repeat' }>, next: number): number {
    let entry = next;
    if (max === MANY) {
      const loop = { kind: 'fork' as const, next: 0, other: next };
      entry = put(loop);
      loop.next = before(body, entry);
    } else {
      for (let count = min; count < max; count += 1) {
        entry = put({ kind: 'fork', next: before(body, entry), other: next });
      }
    }
    for (let count = 0; count < min; count += 1) entry = before(body, entry);
    return entry;
  }

  put({ kind: 'done' });
  const first = before(root, 0);
  put({ kind: 'fork', next: first, other: first });
  return program;
}

function looksAhead(body: Node, isWanted: boolean): Machine {
  const matches = machine(compile(body));
  return (text, at, steps) => matches(text, at, steps) === isWanted;
}

/** Follows all ways at once; true as soon as one of them is done. */
function machine(program: Instruction[]): Machine {
  // Of use again in each match: a look-ahead is one for each character.
  const seen = new Float64Array(program.length);
  let round = 0;
  const open: number[] = [];
  let here: number[] = [];
  let ahead: number[] = [];

  /** Adds where a way goes on without taking a unit; true when it is done. */
  function follow(start: number, text: string, at: number, steps: Steps): boolean {
    open.push(start);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (seen[index] === round) continue;
      seen[index] = round;
      steps.left -= 1;
      if (goOn(index, text, at, steps)) return true;
    }
    return false;
  }

  function goOn(index: number, text: string, at: number, steps: Steps): boolean {
    const instruction = program[index];
    switch (instruction?.kind) {
      case 'unit':
        ahead.push(index);
        return false;
      case 'fork':
        open.push(instruction.other, instruction.next);
        return false;
      case 'assert':
        if (instruction.holds(text, at, steps)) open.push(instruction.next);
        return false;
      case 'done':
        return true;
      case undefined:
        return false;
    }
  }

  /** Begins a place of the text: the ways that lead to it are those to go on from. */
  function proceed(): void {
    round += 1;
    open.length = 0;
    [here, ahead] = [ahead, here];
    ahead.length = 0;
  }

  /** Takes one unit on every way; true when one of them is done. */
  function take(text: string, at: number, steps: Steps): boolean {
    const unit = text.charCodeAt(at);
    steps.left -= here.length;
    return here.some((index) => {
      const instruction = program[index];
      return (
        instruction?.kind === 'unit' &&
        instruction.test(unit) &&
        follow(instruction.next, text, at + 1, steps)
      );
    });
  }

  return (text, from, steps) => {
    proceed();
    ahead.length = 0;
    if (follow(program.length - 1, text, from, steps)) return true;
    for (let at = from; at < text.length && ahead.length > 0; at += 1) {
      if (steps.left < 0) throw new OutOfSteps();
      proceed();
      if (take(text, at, steps)) return true;
    }
    return false;
  };
}

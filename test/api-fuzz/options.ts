import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** How much is tried. */
export interface Options {
  seed: number;
  /** Most requests that are made up for an operation. */
  maxExamples: number;
  /** Made-up requests only, without those at every bound of every schema, which take most of the time. */
  quick: boolean;
  /** Operations that are tried; absent: all. */
  only?: string;
}

/** Wrong arguments; the message says which are right. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const USAGE =
  'Usage: npm run test:api-fuzz -- [--quick] [--seed n] [--max-examples n] [--only <operation id, as a regular expression>]';
const MAX_EXAMPLES = 30;
const QUICK_MAX_EXAMPLES = 4;

/** Reads the arguments behind `npm run test:api-fuzz --`. Throws {@link UsageError}. */
export function readOptions(args: string[]): Options {
  const values = parse(args);
  const usual = values.quick ? QUICK_MAX_EXAMPLES : MAX_EXAMPLES;
  return {
    quick: values.quick ?? false,
    seed: wholeNumber('seed', values.seed, randomInt(1_000_000)),
    maxExamples: wholeNumber('max-examples', values['max-examples'], usual),
    ...(values.only !== undefined && { only: values.only }),
  };
}

function parse(args: string[]) {
  const number = { type: 'string' } as const;
  const options = {
    quick: { type: 'boolean' },
    seed: number,
    'max-examples': number,
    only: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function wholeNumber(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} ${text} is no whole number.\n${USAGE}`);
}

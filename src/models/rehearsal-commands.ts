import type { JsonObject } from '../contract/index.ts';
import { ModelError } from './model-provider.ts';

/** One command of a rehearsal script. */
export type Command =
  | { kind: 'call'; tool: string; input: JsonObject }
  | { kind: 'next' }
  | { kind: 'say'; text: string }
  | { kind: 'stream'; pieces: number; gapMs: number }
  | { kind: 'sleep'; ms: number }
  | { kind: 'fail'; times: number; status: number }
  | { kind: 'window'; tokens: number }
  | { kind: 'usage'; inputTokens: number; outputTokens: number };

interface CommandForm {
  /** How it is written, as error messages show it. */
  form: string;
  /** Undefined when the arguments do not fit the form. */
  read(argument: string): Command | undefined;
}

const LONGEST_WAIT_MS = 86_400_000;
const MOST_PIECES = 100_000;

const FORMS: ReadonlyMap<string, CommandForm> = new Map(
  Object.entries({
    '/call': { form: '/call <tool> <JSON object>', read: readCall },
    '/next': { form: '/next', read: (argument) => (argument === '' ? { kind: 'next' } : undefined) },
    '/say': { form: '/say <text>', read: (argument) => ({ kind: 'say', text: argument }) },
    '/stream': {
      form: `/stream <pieces, 1 to ${MOST_PIECES}> <ms between them, at most ${LONGEST_WAIT_MS}>`,
      read: (argument) => {
        const [pieces, gapMs] = readIntegers(argument, [1, MOST_PIECES], [0, LONGEST_WAIT_MS]);
        return pieces === undefined || gapMs === undefined ? undefined : { kind: 'stream', pieces, gapMs };
      },
    },
    '/sleep': {
      form: `/sleep <ms, at most ${LONGEST_WAIT_MS}>`,
      read: (argument) => {
        const [ms] = readIntegers(argument, [0, LONGEST_WAIT_MS]);
        return ms === undefined ? undefined : { kind: 'sleep', ms };
      },
    },
    '/fail': {
      form: '/fail <times, from 1> <HTTP status, 400 to 599>',
      read: (argument) => {
        const [times, status] = readIntegers(argument, [1, 1_000_000], [400, 599]);
        return times === undefined || status === undefined ? undefined : { kind: 'fail', times, status };
      },
    },
    '/window': {
      form: '/window <tokens, from 1>',
      read: (argument) => {
        const [tokens] = readIntegers(argument, [1, Number.MAX_SAFE_INTEGER]);
        return tokens === undefined ? undefined : { kind: 'window', tokens };
      },
    },
    '/usage': {
      form: '/usage <input tokens> <output tokens>',
      read: (argument) => {
        const most = Number.MAX_SAFE_INTEGER;
        const [inputTokens, outputTokens] = readIntegers(argument, [0, most], [0, most]);
        return inputTokens === undefined || outputTokens === undefined
          ? undefined
          : { kind: 'usage', inputTokens, outputTokens };
      },
    },
  } satisfies Record<string, CommandForm>),
);

/**
 * Reads a line that begins with `/`. `lineNumber` counts from 1 and is for the error.
 * Throws {@link ModelError} `script_unknown_command`, or `script_invalid` for wrong arguments.
 */
export function readCommand(line: string, lineNumber: number): Command {
  const [, name = line, argument = ''] = /^(\S+)(?:\s(.*))?$/su.exec(line) ?? [];
  const form = FORMS.get(name);
  if (!form) {
    throw new ModelError(
      'script_unknown_command',
      `Line ${lineNumber} of the script: unknown command ${JSON.stringify(name)}. Known commands: ${[...FORMS.keys()].join(', ')}.`,
    );
  }
  const command = form.read(name === '/say' ? argument : argument.trim());
  if (command) return command;
  throw invalidScript(
    lineNumber,
    `${JSON.stringify(line)} does not fit ${form.form}. Correct the line or take it out.`,
  );
}

/** A {@link ModelError} `script_invalid` that names the line. */
export function invalidScript(lineNumber: number, problem: string): ModelError {
  return new ModelError('script_invalid', `Line ${lineNumber} of the script: ${problem}`);
}

function readCall(argument: string): Command | undefined {
  const [, tool, json = ''] = /^(\S+)\s*(.*)$/su.exec(argument) ?? [];
  const input = json === '' ? {} : readJsonObject(json);
  return tool === undefined || input === undefined ? undefined : { kind: 'call', tool, input };
}

function readJsonObject(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    // The caller's error shows the line and the form that it should have.
    return undefined;
  }
}

/** Exactly as many whole numbers as there are ranges (inclusive), else none. */
function readIntegers(argument: string, ...ranges: [least: number, most: number][]): number[] {
  const words = argument.split(/\s+/);
  const numbers = words.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
  const fits =
    numbers.length === ranges.length &&
    ranges.every(([least, most], i) => {
      const number = numbers[i] ?? Number.NaN;
      return number >= least && number <= most;
    });
  return fits ? numbers : [];
}

import { type Command, invalidScript, readCommand } from './rehearsal-commands.ts';

/** What happens within one step, in the order written. */
export type StepCommand = Exclude<Command, { kind: 'next' | 'say' }>;

/** A rehearsal script as it is played. */
export interface Script {
  /** At least one. Every step but the last calls a tool. */
  steps: StepCommand[][];
  /** All `/say` lines, joined by newlines; undefined when there is none. */
  say: string | undefined;
}

interface Draft {
  commands: Command[];
  /** The line of the `/next` that opened it; 1 for the first step. */
  openedAt: number;
}

/**
 * Reads a script; undefined when no line begins with `/`.
 *
 * A command begins in the first column; blank lines mean nothing; any other line is an error. `/next` alone ends a
 * step: whatever stands between two calls of a step, they are asked for together. A step must hold something, and
 * each one before a `/next` must call a tool, for a step without calls is the turn's answer and nothing can follow it.
 * A step takes one `/stream` and one `/usage`.
 *
 * Throws {@link ModelError} `script_unknown_command` or `script_invalid`, which name the line.
 */
export function parseScript(input: string): Script | undefined {
  const lines = input.split(/\r?\n/);
  if (!lines.some((line) => line.startsWith('/'))) return undefined;
  const drafts: Draft[] = [{ commands: [], openedAt: 1 }];
  for (const [index, line] of lines.entries()) addLine(drafts, line, index + 1);
  const last = drafts.at(-1);
  rejectEmpty(last, last?.openedAt ?? 1);

  const says = drafts.flatMap(({ commands }) => commands).filter((command) => command.kind === 'say');
  return {
    steps: drafts.map(({ commands }) => commands.filter(isStepCommand)),
    say: says.length === 0 ? undefined : says.map(({ text }) => text).join('\n'),
  };
}

function addLine(drafts: Draft[], line: string, lineNumber: number): void {
  if (line.trim() === '') return;
  if (!line.startsWith('/')) {
    throw invalidScript(
      lineNumber,
      `${JSON.stringify(line)} is not a command. Begin it with a command such as /say, or take it out.`,
    );
  }
  const command = readCommand(line, lineNumber);
  const draft = drafts.at(-1);
  if (command.kind === 'next') {
    rejectEmpty(draft, lineNumber);
    rejectAnswer(draft, lineNumber);
    drafts.push({ commands: [], openedAt: lineNumber });
    return;
  }
  rejectSecond(draft, command, lineNumber);
  draft?.commands.push(command);
}

function rejectEmpty(draft: Draft | undefined, lineNumber: number): void {
  if (draft === undefined || draft.commands.length > 0) return;
  throw invalidScript(
    lineNumber,
    'an empty step. Put at least one command before and after each /next, or take the /next out.',
  );
}

function rejectAnswer(draft: Draft | undefined, lineNumber: number): void {
  if (draft?.commands.some(({ kind }) => kind === 'call')) return;
  throw invalidScript(
    lineNumber,
    'the step before this /next calls no tool, so the turn would end with it. Add a /call to it, or take the /next out.',
  );
}

function rejectSecond(draft: Draft | undefined, command: Command, lineNumber: number): void {
  if (command.kind !== 'stream' && command.kind !== 'usage') return;
  if (!draft?.commands.some(({ kind }) => kind === command.kind)) return;
  throw invalidScript(
    lineNumber,
    `a second /${command.kind} in one step. Keep one of them, or put /next between.`,
  );
}

function isStepCommand(command: Command): command is StepCommand {
  return command.kind !== 'next' && command.kind !== 'say';
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Usage } from '../contract/index.ts';
import { httpFailure } from './http-failures.ts';
import {
  ModelError,
  type ModelMessage,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  type ModelToolCall,
} from './model-provider.ts';
import { parseScript, type Script, type StepCommand } from './rehearsal-script.ts';

/** Waits; rejects once the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * `rehearsal/script`: no language model. It plays the script that the latest user message holds, so that approvals,
 * crashes and load can be rehearsed without a key.
 *
 * One command a line. `/call <tool> <json>` asks for a tool call (without JSON: `{}`), all calls of a step in
 * parallel; `/next` begins a new step; `/say <text>` is the final text of the turn, wherever it stands (several are
 * joined by newlines); without it the final text is one line `tool: result` per result of all steps, in request
 * order. `/stream <n> <ms>` cuts the step's text into n pieces at code points, ms apart; a step without a text gets
 * one of n lines: `tick 1`, `tick 2`, …. `/sleep <ms>` waits. `/fail <times> <status>` fails as a provider would
 * with that HTTP status, so often, then goes on; several add up in the order written. `/usage <in> <out>` sets the
 * step's usage; without it, a quarter of the characters. `/window <tokens>` refuses, as a provider would, what is longer. Commands of a step act in the order written, its calls are
 * returned when all have acted; text that no `/stream` cuts arrives last.
 *
 * The step played is the number of assistant messages since the latest user message, those that a summary stands for too. When the last step calls tools,
 * one more follows by itself: the final text. A message without any command is answered with `You said: <message>`.
 *
 * Throws {@link ModelError} `script_unknown_command`, `script_invalid`, `model_bad_request` for another model than
 * `script`, what `/fail` asks for, and the signal's reason once it is aborted.
 */
export function createRehearsalProvider({ sleep = sleepFor }: { sleep?: Sleep } = {}): ModelProvider {
  return { generate: (request) => play(request, sleep) };
}

async function play(request: ModelRequest, sleep: Sleep): Promise<ModelResponse> {
  request.signal.throwIfAborted();
  if (request.model !== 'script') {
    throw new ModelError(
      'model_bad_request',
      `Rehearsal has one model. Write "rehearsal/script" instead of "rehearsal/${request.model}".`,
    );
  }
  if (request.purpose === 'summary') return rehearsedSummary(request);
  const step = stepToPlay(request.messages);
  const streamed = await act(step, request, sleep);
  request.signal.throwIfAborted();
  const text = streamed ?? step.text;
  if (streamed === undefined && text !== '') request.onText(text);
  return { text, calls: step.calls, usage: usageOf(step, text, request) };
}

function rehearsedSummary(request: ModelRequest): ModelResponse {
  const read = sum(request.messages.map(charactersOf));
  const text = `Rehearsed summary of ${read} characters.`;
  return {
    text,
    calls: [],
    usage: { inputTokens: Math.ceil(read / 4), outputTokens: Math.ceil(text.length / 4) },
  };
}

interface PlayedStep {
  commands: StepCommand[];
  calls: ModelToolCall[];
  /** '' where the script gives the step none. */
  text: string;
}

function stepToPlay(messages: ModelMessage[]): PlayedStep {
  const at = messages.findLastIndex((message) => message.role === 'user' && !message.summary);
  const user = messages[at];
  if (user?.role !== 'user') {
    throw new ModelError(
      'model_bad_request',
      'Rehearsal found no user message to play. Send one with the script.',
    );
  }
  const since = messages.slice(at + 1);
  const script = parseScript(user.text);
  if (!script) return { commands: [], calls: [], text: `You said: ${user.text}` };

  const commands = script.steps[stepsSummarized(messages) + since.filter(isAnswer).length] ?? [];
  const calls = commands.flatMap((command) =>
    command.kind === 'call' ? [{ tool: command.tool, input: command.input }] : [],
  );
  return { commands, calls, text: calls.length > 0 ? '' : finalText(script, since) };
}

function isAnswer({ role }: ModelMessage): boolean {
  return role === 'assistant';
}

/** Steps of this script that are no longer shown. */
function stepsSummarized(messages: ModelMessage[]): number {
  return sum(
    messages.map((message) => (message.role === 'user' && message.summary ? message.summary.steps : 0)),
  );
}

function finalText(script: Script, since: ModelMessage[]): string {
  return (
    script.say ??
    since
      .flatMap((message) => (message.role === 'tool' ? [`${message.tool}: ${message.content}`] : []))
      .join('\n')
  );
}

/** Does what the step's commands say; returns the text when it was streamed. */
async function act(step: PlayedStep, request: ModelRequest, sleep: Sleep): Promise<string | undefined> {
  let streamed: string | undefined;
  let failures = 0;
  for (const command of step.commands) {
    request.signal.throwIfAborted();
    if (command.kind === 'sleep') await sleep(command.ms, request.signal);
    if (command.kind === 'window') refuseLonger(request, command.tokens);
    if (command.kind === 'fail') {
      failures += command.times;
      if (request.attempt <= failures) throw failure(command.status, request.attempt);
    }
    if (command.kind === 'stream') {
      const pieces = step.text === '' ? ticks(command.pieces) : cut(step.text, command.pieces);
      await stream(pieces, command.gapMs, request, sleep);
      streamed = pieces.join('');
    }
  }
  return streamed;
}

async function stream(pieces: string[], gapMs: number, request: ModelRequest, sleep: Sleep): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(gapMs, request.signal);
    request.signal.throwIfAborted();
    if (piece !== '') request.onText(piece);
  }
}

function ticks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index === 0 ? '' : '\n'}tick ${index + 1}`);
}

/** Cuts at code points; a text with fewer of them than pieces leaves some pieces empty. */
function cut(text: string, count: number): string[] {
  const points = Array.from(text);
  const edge = (index: number) => Math.floor((index * points.length) / count);
  return Array.from({ length: count }, (_, index) => points.slice(edge(index), edge(index + 1)).join(''));
}

function refuseLonger(request: ModelRequest, windowTokens: number): void {
  const tokens = Math.ceil(charactersRead(request) / 4);
  if (tokens <= windowTokens) return;
  throw new ModelError(
    'model_context_overflow',
    `Rehearsed failure: the prompt is too long, ${tokens} of ${windowTokens} tokens, as /window in the script asks.`,
  );
}

function failure(status: number, attempt: number): ModelError {
  const { code, retryable } = httpFailure(status);
  return new ModelError(
    code,
    `Rehearsed failure: HTTP ${status} in attempt ${attempt}, as /fail in the script asks.`,
    { retryable },
  );
}

function usageOf(step: PlayedStep, text: string, request: ModelRequest): Usage {
  const given = step.commands.find((command) => command.kind === 'usage');
  if (given) return { inputTokens: given.inputTokens, outputTokens: given.outputTokens };
  const read = charactersRead(request);
  const written = text.length + charactersOfCalls(step.calls);
  return { inputTokens: Math.ceil(read / 4), outputTokens: Math.ceil(written / 4) };
}

function charactersRead({ instructions, messages }: ModelRequest): number {
  return instructions.length + sum(messages.map(charactersOf));
}

function charactersOf(message: ModelMessage): number {
  if (message.role === 'tool') return message.content.length;
  return message.text.length + (message.role === 'assistant' ? charactersOfCalls(message.calls) : 0);
}

function charactersOfCalls(calls: ModelToolCall[]): number {
  return sum(calls.map(({ tool, input }) => tool.length + JSON.stringify(input).length));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const sleepFor: Sleep = async (ms, signal) => {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    // The timer rejects with an AbortError of its own; the caller wants the reason that was given.
    signal.throwIfAborted();
    throw error;
  }
};

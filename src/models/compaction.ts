import type { Compaction, Covers } from '../store/store.ts';
import type { Said } from './conversation.ts';
import type { ModelMessage } from './model-provider.ts';

/** A shorter result is never cleared, because the line in its place would be as long. In characters. */
const WORTH_CLEARING = 400;

/** Tokens of a text, estimated: a quarter of its bytes. Vendors count differently, and the count is known only after the model was asked. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** Tokens of messages, estimated. */
export function tokensOfMessages(messages: readonly ModelMessage[]): number {
  return messages.reduce((total, message) => total + tokensOfMessage(message), 0);
}

function tokensOfMessage(message: ModelMessage): number {
  if (message.role === 'tool') return tokensOf(message.content) + tokensOf(message.tool);
  const calls = message.role === 'assistant' ? tokensOf(JSON.stringify(message.calls)) : 0;
  return tokensOf(message.text) + calls;
}

/** Whether a message is among what a compaction covers. */
export function isCovered(covers: Covers, { turnId, step }: Said): boolean {
  return Object.hasOwn(covers, turnId) && step <= (covers[turnId] ?? -1);
}

/**
 * What a model is shown of a conversation: its newest summary stands for what that covers, and results that were cleared are
 * named only. The input that is being worked on is always shown. Steps are covered whole, so each result keeps its call.
 */
export function viewOf(said: Said[], compactions: Compaction[]): Said[] {
  const summary = compactions.findLast(({ text }) => text !== undefined);
  const cleared = compactions.findLast(({ text }) => text === undefined);
  const shown = summary ? summarized(said, summary) : said;
  return cleared
    ? shown.map((each) => (isCovered(cleared.covers, each) ? withoutResult(each) : each))
    : shown;
}

/** The input that is being worked on: the newest one. */
function currentInput(said: Said[]): Said | undefined {
  return said.findLast(({ step, message }) => step === 0 && message.role === 'user');
}

function summarized(said: Said[], { covers, text = '' }: Compaction): Said[] {
  const input = currentInput(said);
  const kept = said.filter((each) => each === input || !isCovered(covers, each));
  const first = said.find((each) => each !== input && isCovered(covers, each));
  if (!first) return said;
  const steps = said
    .slice(input ? said.indexOf(input) : 0)
    .filter((each) => each.message.role === 'assistant' && isCovered(covers, each)).length;
  const message: ModelMessage = { role: 'user', text: `${SUMMARY_HEAD}\n\n${text}`, summary: { steps } };
  return [{ ...first, message }, ...kept];
}

const SUMMARY_HEAD =
  'Summary of the conversation so far, which is no longer shown in full. What follows it is shown as it was said.';

function withoutResult(said: Said): Said {
  const { message } = said;
  if (message.role !== 'tool' || message.content.length < WORTH_CLEARING) return said;
  return { ...said, message: { ...message, content: clearedResult(message.content.length) } };
}

function clearedResult(characters: number): string {
  return `[cleared: this result of ${characters} characters is no longer shown. Call the tool again if it is needed.]`;
}

/** What a compaction is to bring about. */
export interface Aim {
  /** Most tokens of the messages afterwards. */
  tokens: number;
  /** Whether results that the model has not read yet may be cleared: only where nothing else helps. */
  unread: boolean;
}

/** The oldest results to clear so that the rest fits; undefined where there are none to clear. */
export function coverResults(said: Said[], compactions: Compaction[], aim: Aim): Covers | undefined {
  const before = compactions.findLast(({ text }) => text === undefined)?.covers ?? {};
  const shown = viewOf(said, compactions);
  const { groups, unreadFrom } = grouped(shown, currentInput(said));
  let tokens = tokensIn(shown);
  let covers: Covers | undefined;
  for (const group of groups.slice(0, aim.unread ? groups.length : unreadFrom)) {
    if (tokens <= aim.tokens) break;
    const saved = tokensIn(group) - tokensIn(group.map(withoutResult));
    if (saved <= 0) continue;
    tokens -= saved;
    covers = { ...before, ...covers, ...placeOf(group) };
  }
  return covers;
}

/** What to summarize so that a summary of `summaryTokens` and the rest fit; undefined where nothing is old enough. */
export function coverSteps(
  said: Said[],
  compactions: Compaction[],
  aim: Aim,
  summaryTokens: number,
): Covers | undefined {
  const input = currentInput(said);
  const shown = viewOf(said, compactions).filter((each) => !isSummary(each));
  const { groups, unreadFrom } = grouped(shown, input);
  let left = aim.tokens - summaryTokens - tokensIn(groups.slice(unreadFrom).flat());
  let first = unreadFrom;
  // Whatever is summarized, the input is shown as well.
  if (input) left -= tokensIn([input]);
  for (const group of groups.slice(0, unreadFrom).reverse()) {
    left -= isIn(group, input) ? 0 : tokensIn(group);
    if (left < 0) break;
    first -= 1;
  }
  // The input itself is covered with the steps behind it, or not at all.
  const covered = groups.slice(0, first).filter((group) => !isIn(group, input));
  if (covered.length === 0) return undefined;
  const before = compactions.findLast(({ text }) => text !== undefined)?.covers ?? {};
  return Object.assign({}, before, ...covered.map(placeOf));
}

/** Messages step by step, as they are covered, and from which on the model has not read them: the newest step of this input. */
function grouped(said: Said[], input: Said | undefined): { groups: Said[][]; unreadFrom: number } {
  const groups = groupsOf(said);
  const inputAt = groups.findIndex((group) => isIn(group, input));
  const newest = groups.findLastIndex((group) => group.some(({ message }) => message.role === 'assistant'));
  return { groups, unreadFrom: newest > inputAt ? newest : groups.length };
}

/** Messages of one step, which are covered together. */
function groupsOf(said: Said[]): Said[][] {
  const groups: Said[][] = [];
  for (const each of said) {
    const group = groups.at(-1);
    if (group && sameGroup(group, [each])) group.push(each);
    else groups.push([each]);
  }
  return groups;
}

function isIn(group: readonly Said[], said: Said | undefined): boolean {
  return said !== undefined && group.includes(said);
}

function sameGroup([a]: Said[], [b]: Said[]): boolean {
  return a !== undefined && b !== undefined && a.turnId === b.turnId && a.step === b.step;
}

function placeOf([first]: Said[]): Covers {
  return first ? { [first.turnId]: first.step } : {};
}

function tokensIn(group: readonly Said[]): number {
  return tokensOfMessages(group.map(({ message }) => message));
}

function isSummary({ message }: Said): boolean {
  return message.role === 'user' && message.summary !== undefined;
}

import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { JsonObject } from '../contract/index.ts';

/** The engine takes no payload above 2 MiB, and no message above 4 MiB: a task that has one is repeated for ever. */

/** Largest input of one tool call, in bytes of JSON: it travels in several events. */
export const MAX_INPUT_BYTES = 256 * 1024;

/** Most that a model may answer in one step, in bytes of JSON: its text travels in one event. */
export const MAX_ANSWER_BYTES = 1_500_000;

/** Most events that one activity carries, in bytes of JSON; one event may be larger. */
export const MAX_CARRY_BYTES = 1_000_000;

/** Most events that each of many parallel calls carries, in bytes of JSON: their activities share one message. */
export const MAX_PARALLEL_CARRY_BYTES = 16 * 1024;

/** Most of a turn's state that goes into its next workflow run, in bytes of JSON. */
export const MAX_CARRIED_STATE_BYTES = 500_000;

/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return utf8ToBytes(text).length;
}

/** Why an input is not taken; undefined where it is. */
export function sizeFault(input: JsonObject): string | undefined {
  if (bytesOf(JSON.stringify(input)) <= MAX_INPUT_BYTES) return undefined;
  return `The input is larger than ${MAX_INPUT_BYTES / 1024} KiB. Take it in parts.`;
}

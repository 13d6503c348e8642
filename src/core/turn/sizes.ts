import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Json, JsonObject } from '../../contract/index.ts';

/**
 * The engine takes no payload above 2 MiB, and no message above 4 MiB: it kills a workflow that sends one. What a workflow
 * sends at once stays below 3 MiB: one heavy activity (1.5 MB), everything that parallel calls send (0.5 MB), the grants
 * given (0.5 MB), and the answers to ten Updates.
 */

/** Largest input of one tool call, in bytes of JSON: it travels in several events. */
export const MAX_INPUT_BYTES = 256 * 1024;

/** Deepest nesting of a tool call's input, as of any body that the API takes: what goes through it in recursion never overflows. */
export const MAX_INPUT_DEPTH = 100;

/** Most that a model may answer in one step, in bytes of JSON: its text travels in one event. */
export const MAX_ANSWER_BYTES = 1_500_000;

/** Longest result in one message, in bytes of JSON. The API sends what is longer than the model is shown by its digest. */
export const MAX_CONTENT_BYTES = 1_500_000;

/** Most events that one activity carries, in bytes of JSON; one event may be larger. */
export const MAX_CARRY_BYTES = 1_000_000;

/** Activities that carry more than this go one after another, in bytes of JSON. */
export const HEAVY_BYTES = 64 * 1024;

/** Most events that each of many parallel calls carries, in bytes of JSON: their activities share one message. */
export const MAX_PARALLEL_CARRY_BYTES = 16 * 1024;

/** Most that all parallel calls of a step carry together, in bytes of JSON. */
export const MAX_STEP_CARRY_BYTES = 512 * 1024;

/** Most of a turn's state that goes into its next workflow run, in bytes of JSON. */
export const MAX_CARRIED_STATE_BYTES = 500_000;

/** Longest text of the newest step that goes into the next workflow run, in UTF-16 units; for the live snapshot only. */
export const MAX_CARRIED_TEXT = 16_000;

/** Most of a live snapshot, in bytes of JSON. */
export const MAX_SNAPSHOT_BYTES = 1_000_000;

/** Inputs above this are left out of the answer to a decision, in bytes of JSON: the API has them from the store. */
export const MAX_ANSWERED_INPUT_BYTES = 4 * 1024;

/** Most calls that one step executes. */
export const MAX_STEP_CALLS = 128;

/** Most calls of one step that are written down as failed because they were too many; more are left out of the answer. */
export const MAX_SURPLUS_CALLS = 128;

/** Most grants in force that a session may have. */
export const MAX_GRANTS = 500;

/** Most that the grants in force of a session may take, in bytes of JSON. */
export const MAX_GRANTS_BYTES = 512 * 1024;

/** Largest grant, in bytes of JSON: each of many parallel calls may send it. */
export const MAX_GRANT_BYTES = 4 * 1024;

/** Longest text that people may write to the model, in UTF-16 units. */
export const MAX_STEER = 100_000;

/** Longest reason of a decision or a cancellation, in UTF-16 units. */
export const MAX_REASON = 4_000;

function isDeeperThan(most: number, value: Json): boolean {
  let level: object[] = isContainer(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return utf8ToBytes(text).length;
}

/** Bytes of a value's JSON. */
export function jsonBytes(value: unknown): number {
  return bytesOf(JSON.stringify(value));
}

/** Why an input is not taken; undefined where it is. */
export function sizeFault(input: JsonObject): string | undefined {
  // First of all: what comes after it recurses.
  if (isDeeperThan(MAX_INPUT_DEPTH, input)) {
    return `The input is nested deeper than ${MAX_INPUT_DEPTH} levels. Make it flatter.`;
  }
  if (bytesOf(JSON.stringify(input)) <= MAX_INPUT_BYTES) return undefined;
  return `The input is larger than ${MAX_INPUT_BYTES / 1024} KiB. Take it in parts.`;
}

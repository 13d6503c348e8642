import type { Actor } from '../../contract/index.ts';
import { jsonBytes, MAX_CONTENT_BYTES } from './sizes.ts';

/**
 * What senders by hand get wrong: the API checks its messages by schema, but anybody with access to the engine may send
 * a signal, and a turn must outlive it. Each function says what is wrong; undefined: nothing.
 */
type Check = (value: unknown) => boolean;
type Fields = Record<string, unknown>;

const isText: Check = (value) => typeof value === 'string';
const isFilled: Check = (value) => typeof value === 'string' && value !== '';
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const DECISION: Record<string, Check> = {
  callId: isFilled,
  action: isText,
  toolName: optional(isText),
  input: optional(isObject),
  content: optional(isText),
  cut: optional(isCut),
  message: optional(isText),
  grant: optional(isGrant),
};

/** A decision of any action. */
export function decisionFault(decision: object): string | undefined {
  const fields = decision as Fields;
  const { action, content, input } = fields;
  if (action === 'respond' && content === undefined) return 'A decision "respond" needs "content".';
  if (action === 'deny' && content !== undefined) return '"content" does not go with "deny".';
  if ((action === 'deny' || action === 'respond') && input !== undefined)
    return `"input" does not go with "${action}".`;
  return fieldFault(fields, DECISION);
}

/** A client's result. */
export function resultFault(result: object): string | undefined {
  const isFlag: Check = (value) => typeof value === 'boolean';
  return fieldFault(result as Fields, {
    callId: isFilled,
    content: isText,
    cut: optional(isCut),
    isError: optional(isFlag),
  });
}

/** A result that no message can bring. */
export function contentFault(content: string): string | undefined {
  if (jsonBytes(content) <= MAX_CONTENT_BYTES) return undefined;
  return `The message's "content" is longer than ${MAX_CONTENT_BYTES} bytes of JSON.`;
}

/** A message to the model. */
export function steerFault(steer: object): string | undefined {
  return fieldFault(steer as Fields, { message: isFilled });
}

/** Whether a sender says who it is. */
export function isActor(value: unknown): value is Actor {
  return isObject(value) && isText(value['tokenId']) && isText(value['name']);
}

function fieldFault(fields: Fields, shape: Record<string, Check>): string | undefined {
  const wrong = Object.entries(shape).find(([name, check]) => !check(fields[name]));
  return wrong && `The message's "${wrong[0]}" is missing or of a wrong kind.`;
}

function isGrant(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { scope, matcher, expiresAt, maxUses } = value;
  return (
    (scope === undefined || scope === 'turn' || scope === 'session') &&
    (matcher === undefined || isMatcher(matcher)) &&
    (expiresAt === undefined || (typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt)))) &&
    (maxUses === undefined || (Number.isSafeInteger(maxUses) && Number(maxUses) >= 1))
  );
}

const isDigest: Check = (value) => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);

function isCut(value: unknown): boolean {
  if (!isObject(value) || !isObject(value['truncated'])) return false;
  const { shownCharacters, ofCharacters } = value['truncated'];
  return (
    isDigest(value['resultDigest']) &&
    isDigest(value['messageDigest']) &&
    Number.isSafeInteger(shownCharacters) &&
    Number.isSafeInteger(ofCharacters)
  );
}

function isMatcher(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value['kind'] === 'exact') return true;
  const { args } = value;
  return value['kind'] === 'glob' && isObject(args) && Object.values(args).every(isText);
}

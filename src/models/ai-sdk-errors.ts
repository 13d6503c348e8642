import { type HttpFailure, httpFailure } from './http-failures.ts';
import { ModelError } from './model-provider.ts';

/** Whose error it is, and what must never be shown. */
export interface ErrorContext {
  provider: string;
  /** The environment variable that holds the key. */
  keyVariable: string;
  apiKey: string | undefined;
}

/** What is read of the SDK's error classes; they come in several versions, so by shape and not by class. */
interface Traits {
  name: string;
  message: string;
  /** From 400 on; a stream that breaks off after a 200 has none. */
  status: number | undefined;
  /** The vendor itself reported an error in its stream. */
  reported: boolean;
  headers: Record<string, string>;
  /** Message, type, code and body: where providers say what is wrong. */
  words: string;
}

const OVERFLOW =
  /context_length_exceeded|model_context_window_exceeded|prompt is too long|maximum context length|exceeds? (the )?(model's )?context (limit|window|length)|context (window|size) (is |was )?(exceeded|too small)|exceeds the available context size|input is too long|request_too_large/i;
const REFUSAL =
  /content_policy_violation|content_filter|content_management_policy|responsible_?ai_?policy|invalid_prompt/i;

/** Errors of our own making: trying again would end the same way. */
const OUR_FAULT = /^AI_(InvalidPrompt|InvalidArgument|Unsupported|MessageConversion|NoSuchModel|LoadAPIKey)/;

/** Where a stream reports an error without a status, its type or code says as much. */
const BY_WORD: readonly [word: RegExp, status: number][] = [
  [/rate_?limit|too_?many_?requests|insufficient_quota/i, 429],
  [/authentication|invalid_api_key|permission_error|unauthorized/i, 401],
  [/overloaded|server_error|api_error|timeout|unavailable/i, 503],
  [/invalid_request|not_found|bad_request/i, 400],
];

/**
 * The {@link ModelError} for whatever the AI SDK threw or streamed. A cut stream, a network that fails and anything
 * unknown is `model_unavailable` and may be tried again. Carries no cause: the SDK's errors hold the whole request.
 */
export function toModelError(error: unknown, context: ErrorContext): ModelError {
  if (error instanceof ModelError) return error;
  const traits = traitsOf(causeOf(error));
  const { code, retryable } = classify(traits);
  const lasting = code === 'model_bad_response';
  const retryAfterMs = retryable ? readRetryAfter(traits.headers, Date.now()) : undefined;
  const hint = code === 'model_unauthorized' ? ` Check ${context.keyVariable}.` : '';
  return new ModelError(
    code,
    `${context.provider} ${whatHappened(traits)}: ${redact(traits.message, context.apiKey)}${hint}`,
    { retryable, lasting, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}

/** What was found in an answer, or reported in it, may come wrapped in the SDK's own error. */
function causeOf(error: unknown): unknown {
  const { cause } = asRecord(error);
  const name = asRecord(cause)['name'];
  return name === UNREADABLE || name === REPORTED ? cause : error;
}

const UNREADABLE = 'UnreadableAnswer';
const REPORTED = 'ReportedError';

function whatHappened({ name, status, reported }: Traits): string {
  if (name === UNREADABLE) return 'sent an answer that cannot be read';
  if (status !== undefined) return `failed (HTTP ${status})`;
  return reported ? 'failed' : 'could not be reached, or ended its answer before it was complete';
}

function classify({ name, status, words }: Traits): HttpFailure {
  if (name === UNREADABLE) return { code: 'model_bad_response', retryable: true };
  const meant = status ?? BY_WORD.find(([word]) => word.test(words))?.[1];
  const clientFault = meant === undefined || meant < 500;
  if (clientFault && meant !== 429 && meant !== 401 && meant !== 403) {
    if (OVERFLOW.test(words)) return { code: 'model_context_overflow', retryable: false };
    if (REFUSAL.test(words)) return { code: 'model_refused', retryable: false };
  }
  if (meant !== undefined) return httpFailure(meant);
  return OUR_FAULT.test(name)
    ? { code: 'model_bad_request', retryable: false }
    : { code: 'model_unavailable', retryable: true };
}

function traitsOf(error: unknown): Traits {
  const fields = asRecord(error);
  const message = typeof fields['message'] === 'string' ? fields['message'] : String(error);
  const status = fields['statusCode'];
  const words = [message, fields['type'], fields['code'], fields['responseBody']];
  const headers = Object.entries(asRecord(fields['responseHeaders']));
  return {
    name: typeof fields['name'] === 'string' ? fields['name'] : '',
    message,
    status: typeof status === 'number' && status >= 400 ? status : undefined,
    reported: typeof fields['type'] === 'string' || typeof fields['code'] === 'string',
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)])),
    words: words.filter((word) => typeof word === 'string').join('\n'),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const LONGEST_WAIT_MS = 86_400_000;

/**
 * Milliseconds to wait as `retry-after-ms` or `retry-after` (seconds or HTTP date) say, at most a day; undefined where
 * neither can be read. A date that has passed is 0.
 */
export function readRetryAfter(headers: Record<string, string>, nowMs: number): number | undefined {
  const seconds = readNumber(headers['retry-after']);
  const dateMs = Date.parse(headers['retry-after'] ?? '');
  const waitMs =
    readNumber(headers['retry-after-ms']) ?? (seconds === undefined ? dateMs - nowMs : seconds * 1_000);
  return Number.isNaN(waitMs) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(0, Math.round(waitMs)));
}

function readNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

const LONGEST_MESSAGE = 500;
/** A shorter one guards nothing, and taking it out would garble the message. */
const SHORTEST_KEY = 8;

/** Providers quote keys and addresses in their errors; a turn's error is read by many. */
function redact(message: string, apiKey: string | undefined): string {
  const withoutKey = apiKey && apiKey.length >= SHORTEST_KEY ? message.replaceAll(apiKey, '[key]') : message;
  const clean = withoutKey
    .replace(/\bsk-[\w*.-]{4,}/g, '[key]')
    .replace(/\bbearer\s+\S+/gi, 'Bearer [key]')
    .replace(/\/\/[^/\s@]+@/g, '//[credentials]@')
    .trim();
  const points = Array.from(clean);
  return points.length > LONGEST_MESSAGE ? `${points.slice(0, LONGEST_MESSAGE).join('')}…` : clean;
}

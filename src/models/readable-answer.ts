/** Signs of how an answer of a provider came to its end, for who has to say what was wrong with it. */
export interface AnswerWatch {
  contentType: string;
  /** Whether the stream said that it is over, as chat completions APIs do. */
  isDone: boolean;
}

/** An answer that is no event stream. Its message says what it is instead, and names no address. */
export class UnreadableAnswer extends Error {
  override name = 'UnreadableAnswer';
}

/** An error that a provider reports with a status of success. */
export class ReportedError extends Error {
  override name = 'ReportedError';
}

/** So much of an answer is looked at, in characters. */
const HEAD = 4_096;
/** A JSON answer up to this length is read for the error in it, in characters. */
const MOST_JSON = 65_536;
const TAIL = 64;

/** Lines that an event stream begins with. */
const EVENT = /^\uFEFF?[ \t]*(:|(data|event|id|retry)[ \t]*(:|$))/m;

/**
 * Looks through a successful answer as it passes. It fails with {@link UnreadableAnswer} where it is a page, a JSON document
 * or nothing at all; with the error of the provider where the JSON is one. Such servers answer the same each time: it is of no
 * use to wait for them.
 */
export function watchAnswer(watch: AnswerWatch): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let head = '';
  let tail = '';
  let json: string | undefined;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      const text = decoder.decode(piece, { stream: true });
      head = head.length < HEAD ? head + text.slice(0, HEAD) : head;
      tail = (tail + text.slice(-TAIL)).slice(-TAIL);
      const begins = head.trimStart()[0];
      if (begins === '<') throw unreadable(watch, `a page${titleOf(head)}`);
      if (begins === '{' || begins === '[') {
        json = (json ?? '') + text;
        if (json.length > MOST_JSON) throw unreadable(watch, 'a JSON document');
        return;
      }
      controller.enqueue(piece);
    },
    flush() {
      if (json !== undefined) throw reported(json) ?? unreadable(watch, 'a JSON document');
      if (head.trim() === '') throw unreadable(watch, 'nothing');
      if (!EVENT.test(head))
        throw unreadable(watch, `text that begins with ${JSON.stringify(head.slice(0, 60))}`);
      watch.isDone = /data:\s*\[DONE\]\s*$/.test(tail);
    },
  });
}

function unreadable({ contentType }: AnswerWatch, what: string): UnreadableAnswer {
  return new UnreadableAnswer(
    `expected an event stream (text/event-stream), got ${what} (content-type ${contentType || 'not given'}).`,
  );
}

function titleOf(page: string): string {
  const title = /<title>([^<]{1,100})<\/title>/i.exec(page)?.[1]?.trim();
  return title ? ` with the title ${JSON.stringify(title)}` : '';
}

/** The error that a provider sends with a status of success. */
function reported(json: string): Error | undefined {
  try {
    const { error } = JSON.parse(json) as { error?: { message?: unknown; type?: unknown; code?: unknown } };
    if (typeof error?.message !== 'string') return undefined;
    const status = typeof error.code === 'number' && error.code >= 400 ? { statusCode: error.code } : {};
    return Object.assign(
      new ReportedError(error.message),
      { type: error.type, ...(typeof error.code === 'string' && { code: error.code }) },
      status,
    );
  } catch {
    return undefined;
  }
}

const ISSUE_CHARACTERS = 200;

/**
 * An error that the SDK found in an answer, in one line: what was wrong with which field. An answer that was cut off is left
 * as an outage.
 */
export function asUnreadable(error: unknown, watch: AnswerWatch): unknown {
  const { name, message, text } = fieldsOf(error);
  const of = ` (content-type ${watch.contentType || 'not given'}).`;
  switch (name) {
    case 'AI_TypeValidationError':
      return new UnreadableAnswer(
        `a part of the stream has another shape than the API's: ${firstIssue(error)}${of}`,
      );
    case 'AI_JSONParseError':
      return new UnreadableAnswer(
        `a part of the stream is no JSON: ${JSON.stringify(String(text).slice(0, 60))}${of}`,
      );
    case 'AI_InvalidResponseDataError': {
      const isCut = !watch.isDone && /without a finish reason/.test(String(message));
      return isCut
        ? new Error(String(message))
        : new UnreadableAnswer(`${String(message).replace(/\.$/, '')}${of}`);
    }
    case 'AI_EmptyResponseBodyError':
      return new UnreadableAnswer(`${String(message).replace(/\.$/, '')}${of}`);
    default:
      return error;
  }
}

interface Issue {
  path?: PropertyKey[];
  message?: string;
  errors?: Issue[][];
}

/** The first thing that is wrong, of the first of several shapes that were allowed. */
function firstIssue(error: unknown): string {
  let issue = (fieldsOf(fieldsOf(error)['cause'])['issues'] as Issue[] | undefined)?.[0];
  const path: PropertyKey[] = [...(issue?.path ?? [])];
  for (let inner = issue?.errors?.[0]?.[0]; inner; inner = inner.errors?.[0]?.[0]) {
    issue = inner;
    path.push(...(inner.path ?? []));
  }
  const at = path.map(String).join('.');
  return `${at === '' ? '' : `${at}: `}${issue?.message ?? 'it cannot be read'}`.slice(0, ISSUE_CHARACTERS);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

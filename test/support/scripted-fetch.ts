import type { Fetch, Sleep } from '../../src/client/index.ts';

/** A request as the client sent it. */
export interface Sending {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
  signal: AbortSignal;
}

/** How one request is answered: an answer, what it throws, or how it is made. */
export type Scripted = Response | Error | ((sending: Sending) => Response | Promise<Response>);

/** A fetch that answers from a list, in order, and a sleep that takes no time. */
export interface ScriptedFetch {
  fetch: Fetch;
  sleep: Sleep;
  readonly sent: readonly Sending[];
  /** Waits that were asked for, in milliseconds. */
  readonly waits: readonly number[];
}

export const BASE = 'http://api.test/below';

export function createScriptedFetch(answers: readonly Scripted[]): ScriptedFetch {
  const sent: Sending[] = [];
  const waits: number[] = [];
  return {
    sent,
    waits,
    async fetch(url, init) {
      const { method = 'GET', headers, body, signal } = init ?? {};
      const sending = {
        method,
        path: String(url).slice(BASE.length),
        headers: headers as Record<string, string>,
        body: typeof body === 'string' ? JSON.parse(body) : undefined,
        signal: signal as AbortSignal,
      };
      const answer = answers[sent.length];
      sent.push(sending);
      if (answer === undefined) throw new Error(`request ${sent.length} is not in the script`);
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? await answer(sending) : answer;
    },
    async sleep(waitMs, signal) {
      signal?.throwIfAborted();
      // Without this, whoever tries again for ever would do so without a pause.
      if (sent.length > answers.length) throw new RangeError('the script has no more answers');
      waits.push(waitMs);
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { type: `urn:longturn:problem:${code}`, title: code, status, code, detail: `It is ${code}.` };
  return json(status, { ...body, requestId: 'req-1' }, headers);
}

/** How a scripted stream goes on behind its pieces: it is over, its connection breaks, or it stays open and silent. */
export type Ending = 'end' | 'break' | 'silence';

/** A stream that comes in these pieces. It obeys the signal as a real one does. */
export function stream(pieces: readonly (string | Uint8Array)[], ending: Ending = 'end') {
  return ({ signal }: Sending): Response => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
        async pull(controller) {
          const piece = pieces[next];
          next += 1;
          if (piece !== undefined)
            return controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
          if (ending === 'end') controller.close();
          else if (ending === 'break') controller.error(new Error('socket hang up'));
          else await new Promise(() => undefined);
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  };
}

/** A frame as the API writes it. */
export function frame(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

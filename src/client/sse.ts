import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ConnectionError } from './errors.ts';

export type RawFrame = EventSourceMessage;

/** One connection to a stream; it is ended when its caller's signal is aborted, or when nothing comes for too long. */
export interface Connection {
  readonly signal: AbortSignal;
  /** Starts the wait for the next byte anew. */
  await(): void;
  /** A byte is here, and whoever reads may take their time. */
  came(): void;
  close(): void;
}

export function createConnection(idleMs: number, signal: AbortSignal | undefined): Connection {
  const ending = new AbortController();
  const abort = () => ending.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const came = () => clearTimeout(timer);
  return {
    signal: ending.signal,
    await() {
      came();
      timer = setTimeout(() => ending.abort(new Error(`nothing came for ${idleMs} ms`)), idleMs);
    },
    came,
    close() {
      came();
      signal?.removeEventListener('abort', abort);
      ending.abort(new Error('the stream was left'));
    },
  };
}

/** The frames of an answer, as they come; ends when the connection has ended. A frame that is cut off is left out. */
export async function* framesOf(
  body: ReadableStream<Uint8Array>,
  connection: Connection,
): AsyncGenerator<RawFrame, void, undefined> {
  const frames: RawFrame[] = [];
  const parser = createParser({ onEvent: (frame) => frames.push(frame) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    connection.await();
    const part = await reader.read().catch((error: unknown) => {
      throw new ConnectionError('the stream broke off', error);
    });
    connection.came();
    if (part.done) return;
    parser.feed(decoder.decode(part.value, { stream: true }));
    yield* frames.splice(0);
  }
}

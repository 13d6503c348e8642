import { ApiError, ConnectionError, isPassing } from './errors.ts';
import { createConnection, framesOf, type RawFrame } from './sse.ts';
import type { Sent, Transport } from './transport.ts';
import { waitAfter } from './waits.ts';

/** One frame of a stream: `event` says what `data` is. */
export interface Frame<Name extends string, Data> {
  event: Name;
  data: Data;
  /** Cursor, where the stream has them. */
  id: string | undefined;
  /** `data` as it came. */
  text: string;
}

/** Whether the stream is connected, and since how many failures in a row it is not. */
export type Connectedness =
  | { isConnected: true }
  | { isConnected: false; failures: number; waitMs: number; error: unknown };

export interface FollowOptions {
  /** Ends the iteration by throwing its reason. To leave without an error, `break`. */
  signal?: AbortSignal | undefined;
  /** Told of each connection that is made, and before each wait for the next one. */
  onConnection?: ((state: Connectedness) => void) | undefined;
}

/** What a follower keeps of one stream, over all its connections. */
export interface Course<F> {
  /** The request of the next connection, which says where to go on. */
  next(): Sent;
  /** A frame to hand on; undefined for one that is known already, or says nothing. */
  take(frame: RawFrame): F | undefined;
  /** Whether `frame` was the last. */
  isEnd(frame: F): boolean;
}

/**
 * Every frame of a stream once and in order, over any number of connections. Ends with the stream: after its last frame, or where
 * the API says that there is nothing more (204). Throws {@link ApiError} where it is refused for good, such as 401, 403, 404, 410.
 */
export async function* follow<F>(
  transport: Transport,
  course: Course<F>,
  options: FollowOptions,
): AsyncGenerator<F, void, undefined> {
  const { signal, onConnection } = options;
  for (let failures = 0; ; ) {
    const alive = () => {
      failures = 0;
    };
    const error = yield* followOnce(transport, course, options, alive);
    if (error === undefined) return;
    failures += 1;
    const waitMs = waitAfter(failures, error instanceof ApiError ? error.retryAfterMs : undefined);
    onConnection?.({ isConnected: false, failures, waitMs, error });
    await transport.sleep(waitMs, signal);
  }
}

/** The frames of one connection. Returns why it must be made anew; undefined when the stream is over. */
async function* followOnce<F>(
  transport: Transport,
  course: Course<F>,
  { signal, onConnection }: FollowOptions,
  alive: () => void,
): AsyncGenerator<F, unknown, undefined> {
  signal?.throwIfAborted();
  const connection = createConnection(transport.idleMs, signal);
  const sent = course.next();
  try {
    connection.await();
    const response = await transport.open(sent, connection.signal);
    if (response.status === 204) return undefined;
    const body = streamOf(response, sent);
    onConnection?.({ isConnected: true });
    for await (const raw of framesOf(body, connection)) {
      const frame = course.take(raw);
      alive();
      if (frame === undefined) continue;
      yield frame;
      if (course.isEnd(frame)) return undefined;
    }
    return new ConnectionError(`${sent.method} ${sent.path}`, 'the stream ended before its last frame');
  } catch (error) {
    signal?.throwIfAborted();
    if (!isPassing(error)) throw error;
    return error;
  } finally {
    connection.close();
  }
}

/** The data of a frame. */
export function parseData<T>({ event, data }: RawFrame): T {
  try {
    return JSON.parse(data) as T;
  } catch (error) {
    throw new ConnectionError(`a frame "${event}" that is no JSON`, error);
  }
}

function streamOf({ headers, body }: Response, { method, path }: Sent): ReadableStream<Uint8Array> {
  const type = headers.get('content-type') ?? '';
  if (body !== null && type.startsWith('text/event-stream')) return body;
  throw new ConnectionError(`${method} ${path}`, `answered with "${type}" in place of a stream`);
}

import type { Encoder } from './encoder.ts';

/**
 * Where the bytes of a stream go: one response that is opened once, or ended with 204. It is ended where the stream is
 * complete; interrupted where the process stops or the client may read no longer; and cut where the client takes nothing,
 * or what is streamed cannot be read.
 */
export interface Sink {
  /** The format that is written. */
  readonly encoder: Encoder;
  /** Sends status 200 and the headers of an event stream. */
  open(): void;
  /** Ends with 204: there is nothing more to follow, and a browser must not reconnect. */
  none(): void;
  /** False when the client does not keep up and bytes are waiting in memory. */
  write(bytes: Uint8Array): boolean;
  /** Resolves when the client has taken what was written, or is gone. */
  drained(): Promise<void>;
  /** Ends in order: that was all. */
  end(): void;
  /** Ends a stream that is not complete, in the way that the clients of its format understand. */
  interrupt(): void;
  /** Breaks the connection: no client takes that for the end. */
  cut(): void;
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal;
}

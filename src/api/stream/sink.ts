import type { Encoder } from './encoder.ts';

/** Where the bytes of a stream go: one response that is opened once, or ended with 204. */
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
  end(): void;
  /** Ends without waiting for a client that takes nothing. */
  cut(): void;
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal;
}

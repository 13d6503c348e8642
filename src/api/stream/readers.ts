import { aborted } from './aborted.ts';
import type { Encoder, Message } from './encoder.ts';
import type { Sink } from './sink.ts';

/** A heartbeat every so often, in milliseconds, so that nothing between us and the client takes the line for dead. */
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long, in milliseconds, is disconnected; it resumes from its last id. */
const STALL_MS = 5_000;

/** One client of any stream. */
export interface StreamReader {
  /** Sends the headers, where what follows may take a while. */
  open(): void;
  /** The format that it reads. */
  readonly encoder: Encoder;
  /** Writes whole frames. False: wait until {@link StreamReader.drained} before writing more. */
  write(frames: Buffer): boolean;
  /** Encodes a message that no other reader is sent, and writes it. */
  send(message: Message): boolean;
  /** Resolves when the client has taken what was written; one that takes nothing is disconnected. */
  drained(): Promise<void>;
  /** Ends with 204 when nothing was written. */
  none(): void;
  /** Aborted when the client is gone, or must go. */
  readonly gone: AbortSignal;
}

/** All clients of this process, of streams of any kind. Disposing of it tells each of them to go. */
export interface Readers extends Disposable {
  /**
   * Runs a stream for a client. The response is ended when the stream is over, interrupted when the process stops, and cut
   * when the client takes nothing or the stream throws. `heartbeat` is the format's by default.
   */
  with(sink: Sink, stream: (reader: StreamReader) => Promise<void>, heartbeat?: () => Message): Promise<void>;
  count(): number;
}

/** `stallMs`: how long a client may take nothing, by default 5 s. */
export function createReaders({ stallMs = STALL_MS } = {}): Readers {
  const open = new Set<{ beat(): void; leave: AbortController }>();
  const timer = setInterval(() => {
    for (const reader of open) reader.beat();
  }, HEARTBEAT_MS);
  timer.unref();

  return {
    async with(sink, stream, heartbeat) {
      const { encoder } = sink;
      const leave = new AbortController();
      const gone = AbortSignal.any([sink.closed, leave.signal]);
      let opened = false;
      let stalled = false;
      const openOnce = () => {
        if (!opened) sink.open();
        opened = true;
      };
      const write = (frames: Buffer) => {
        openOnce();
        return sink.write(frames);
      };
      const send = (message: Message) => write(encoder.encode(message));
      const beat = () => (heartbeat ? send(heartbeat()) : write(encoder.heartbeat));
      const drained = async () => {
        const timer = setTimeout(() => {
          stalled = true;
          leave.abort();
        }, stallMs);
        await Promise.race([sink.drained(), aborted(gone)]);
        clearTimeout(timer);
      };
      const reader = { leave, beat: () => opened && beat() };
      open.add(reader);
      try {
        await stream({ encoder, open: openOnce, write, send, drained, none: sink.none, gone });
      } catch (error) {
        if (opened) sink.cut();
        throw error;
      } finally {
        open.delete(reader);
      }
      if (stalled) sink.cut();
      else if (opened && leave.signal.aborted) sink.interrupt();
      else if (opened) sink.end();
    },
    count: () => open.size,
    [Symbol.dispose]() {
      clearInterval(timer);
      for (const { leave } of open) leave.abort();
    },
  };
}

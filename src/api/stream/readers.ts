import { type Frame, HEARTBEAT } from './frame-buffer.ts';
import type { SseSink } from './streams.ts';

/** Comment every so often, in milliseconds, so that nothing between us and the client takes the line for dead. */
const HEARTBEAT_MS = 15_000;
/** More than this not taken by the client, in bytes, and it is disconnected; it resumes from its last id. */
const SLOW_BYTES = 1024 * 1024;

/** One client of any stream. */
export interface StreamReader {
  /** Sends the headers, where what follows may take a while. */
  open(): void;
  /** Writes whole frames; a client that does not keep up is disconnected. */
  write(frames: Frame): void;
  /** Ends with 204 when nothing was written. */
  none(): void;
  /** Aborted when the client is gone, or must go. */
  readonly gone: AbortSignal;
}

/** All clients of this process. */
export interface Readers {
  /** Runs a stream for a client; the response is ended when the stream is over. */
  with(sink: SseSink, stream: (reader: StreamReader) => Promise<void>): Promise<void>;
  count(): number;
  endAll(): void;
}

export function createReaders(): Readers {
  const open = new Set<{ beat(): void; leave: AbortController }>();
  const timer = setInterval(() => {
    for (const reader of open) reader.beat();
  }, HEARTBEAT_MS);
  timer.unref();

  return {
    async with(sink, stream) {
      const leave = new AbortController();
      let opened = false;
      const openOnce = () => {
        if (!opened) sink.open();
        opened = true;
      };
      const write = (frames: Frame) => {
        openOnce();
        if (!sink.write(frames) && sink.backlog() > SLOW_BYTES) leave.abort();
      };
      const reader = { leave, beat: () => opened && write(HEARTBEAT) };
      open.add(reader);
      try {
        await stream({
          open: openOnce,
          write,
          none: sink.none,
          gone: AbortSignal.any([sink.closed, leave.signal]),
        });
      } finally {
        open.delete(reader);
        if (opened) sink.end();
      }
    },
    count: () => open.size,
    endAll() {
      clearInterval(timer);
      for (const { leave } of open) leave.abort();
    },
  };
}

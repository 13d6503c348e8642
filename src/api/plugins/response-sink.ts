import type { FastifyReply } from 'fastify';
import type { Encoder } from '../stream/encoder.ts';
import type { Sink } from '../stream/sink.ts';

/** How long what was written may take to be flushed when a stream is interrupted, in milliseconds. */
const FLUSH_MS = 500;

/** The response of `reply` as a sink. The reply is taken from Fastify when the sink is opened or ended. */
export function createResponseSink(reply: FastifyReply, encoder: Encoder): Sink {
  const { raw } = reply;
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  if (raw.destroyed) gone.abort();

  const begin = (status: number, headers: Record<string, string>) => {
    reply.hijack();
    raw.writeHead(status, { ...(reply.getHeaders() as Record<string, string>), ...headers });
  };

  return {
    encoder,
    open() {
      raw.socket?.setNoDelay?.(true);
      begin(200, {
        'content-type': encoder.contentType,
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      });
      raw.flushHeaders();
    },
    none() {
      begin(204, {});
      raw.end();
    },
    write: (bytes) => !raw.destroyed && !raw.writableEnded && raw.write(bytes),
    drained: () =>
      new Promise((resolve) => {
        if (raw.destroyed || !raw.writableNeedDrain) return resolve();
        const done = () => {
          raw.off('drain', done).off('close', done);
          resolve();
        };
        raw.once('drain', done).once('close', done);
      }),
    end() {
      raw.end();
    },
    interrupt() {
      if (!raw.headersSent || encoder.whenIncomplete === 'cut') raw.destroy();
      else endWithConnection(reply);
    },
    cut() {
      raw.destroy();
    },
    closed: gone.signal,
  };
}

/** Kept alive, the connection would hold up the server until its client goes. */
function endWithConnection({ raw }: FastifyReply): void {
  const { socket } = raw;
  raw.end(() => socket?.end());
  setTimeout(() => socket?.destroy(), FLUSH_MS).unref();
}

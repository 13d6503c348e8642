import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../deps.ts';
import type { Encoder } from '../stream/encoder.ts';
import type { Sink } from '../stream/sink.ts';
import { sse } from '../stream/sse.ts';
import type { StreamLimits } from './stream-limits.ts';

/** How long an open stream may take to flush when the process stops. */
const FLUSH_MS = 500;

/** How often it is looked whether who follows would be let in still, in milliseconds: with each heartbeat. */
const CHECK_MS = 15_000;

/** Answers with a stream, by default of server-sent events: `write` gets the sink and resolves when the stream has ended. */
export type Follow = (
  request: FastifyRequest,
  reply: FastifyReply,
  write: (sink: Sink) => Promise<void>,
  encoder?: Encoder,
) => Promise<FastifyReply>;

/** The header `Last-Event-ID`, which a browser sends when it connects again. */
export function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/**
 * Makes {@link Follow}; open streams are ended when the app closes, so that they never hold it up, and when the token of who
 * follows is deleted or has expired.
 */
export function createFollow(app: Api, limits: StreamLimits, checkMs: number = CHECK_MS): Follow {
  const open = new Set<FastifyReply>();
  const timer = setInterval(() => {
    for (const reply of open) void endUnlessAllowed(reply);
  }, checkMs).unref();
  app.addHook('preClose', async () => {
    clearInterval(timer);
    for (const reply of open) endConnection(reply);
  });

  return async (request, reply, write, encoder = sse) => {
    const release = limits.take(request);
    const sink = createSink(reply, encoder);
    open.add(reply);
    try {
      await write(sink);
    } catch (error) {
      // Before the headers the caller can still be told; afterwards it can only be cut off, to come back by cursor.
      if (!reply.sent) throw error;
      request.log.error({ err: error }, 'event stream broke off');
      reply.raw.destroy();
    } finally {
      open.delete(reply);
      release();
    }
    if (!reply.sent) sink.none();
    return reply;
  };
}

async function endUnlessAllowed(reply: FastifyReply): Promise<void> {
  const { request } = reply;
  try {
    if ((await request.isStillAllowed?.()) !== false) return;
    request.log.info('event stream ended: its token was deleted or has expired');
    endConnection(reply);
  } catch (error) {
    // A store that is away for a moment says nothing about the token.
    request.log.warn({ err: error }, 'whether an event stream may go on was not found out');
  }
}

/** Ends a stream and its connection: kept alive, it would hold up the server until its client goes. */
function endConnection({ raw }: FastifyReply): void {
  const { socket } = raw;
  if (!raw.headersSent) {
    raw.destroy();
    return;
  }
  raw.end(() => socket?.end());
  setTimeout(() => socket?.destroy(), FLUSH_MS).unref();
}

/** The response of `reply` as a sink of frames. The reply is taken from Fastify when the sink is opened or ended. */
export function createSink(reply: FastifyReply, encoder: Encoder): Sink {
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
    cut() {
      raw.destroy();
    },
    closed: gone.signal,
  };
}

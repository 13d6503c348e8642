import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../deps.ts';
import type { Encoder } from '../stream/encoder.ts';
import type { Sink } from '../stream/sink.ts';
import { sse } from '../stream/sse.ts';
import { createResponseSink } from './response-sink.ts';
import type { StreamLimits } from './stream-limits.ts';

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

interface OpenStream {
  request: FastifyRequest;
  sink: Sink;
}

/**
 * Makes {@link Follow}; open streams are interrupted when the app closes, so that they never hold it up, and when the token of
 * who follows is deleted or has expired.
 */
export function createFollow(app: Api, limits: StreamLimits, checkMs: number = CHECK_MS): Follow {
  const open = new Set<OpenStream>();
  const timer = setInterval(() => {
    for (const stream of open) void interruptUnlessAllowed(stream);
  }, checkMs).unref();
  app.addHook('preClose', async () => {
    clearInterval(timer);
    for (const { sink } of open) sink.interrupt();
  });

  return async (request, reply, write, encoder = sse) => {
    const release = limits.take(request);
    const sink = createResponseSink(reply, encoder);
    const stream = { request, sink };
    open.add(stream);
    try {
      await write(sink);
    } catch (error) {
      // Before the headers the caller can still be told; afterwards it can only be cut off, to come back by cursor.
      if (!reply.sent) throw error;
      request.log.error({ err: error }, 'event stream broke off');
      sink.cut();
    } finally {
      open.delete(stream);
      release();
    }
    if (!reply.sent) sink.none();
    return reply;
  };
}

async function interruptUnlessAllowed({ request, sink }: OpenStream): Promise<void> {
  try {
    if ((await request.isStillAllowed?.()) !== false) return;
    request.log.info('event stream ended: its token was deleted or has expired');
    sink.interrupt();
  } catch (error) {
    // A store that is away for a moment says nothing about the token.
    request.log.warn({ err: error }, 'whether an event stream may go on was not found out');
  }
}

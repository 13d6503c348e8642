import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { createFollow } from '../../src/api/plugins/follow.ts';
import type { Encoder } from '../../src/api/stream/encoder.ts';
import { createReaders, type Readers, type StreamReader } from '../../src/api/stream/readers.ts';
import { sse } from '../../src/api/stream/sse.ts';
import { poll } from '../support/poll.ts';

const MESSAGE = { event: 'x', data: 'y'.repeat(10_000) };

/** Two kinds of clients: those that come back after any end, and those that take an orderly end for success. */
const FORMATS: Record<string, Encoder> = { sse, lines: { ...sse, whenIncomplete: 'cut' } };

const gone = ({ gone }: StreamReader) => (gone.aborted ? Promise.resolve() : once(gone, 'abort'));

/** What a stream does behind its first frame. */
const STREAMS: Record<string, (reader: StreamReader) => Promise<unknown>> = {
  completes: async () => undefined,
  waits: gone,
  async breaks() {
    throw new Error('the store is away');
  },
  async overflows(reader) {
    while (!reader.gone.aborted) if (!reader.send(MESSAGE)) await reader.drained();
  },
};

let readers: Readers;
let server: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  readers = createReaders({ stallMs: 50 });
  server = await listen();
});
afterEach(async () => {
  await server.app.close();
  readers[Symbol.dispose]();
});

async function listen() {
  const allowed = { now: true };
  const app = fastify().withTypeProvider<ZodTypeProvider>();
  app.decorateRequest('isStillAllowed', null);
  const follow = createFollow(app as never, { take: () => () => undefined }, 20);
  app.get<{ Params: { format: string; stream: string } }>('/:format/:stream', async (request, reply) => {
    const { format, stream } = request.params;
    request.isStillAllowed = async () => allowed.now;
    const write = async (reader: StreamReader) => {
      reader.send(MESSAGE);
      await STREAMS[stream]?.(reader);
    };
    return follow(request, reply, (sink) => readers.with(sink, write), FORMATS[format]);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, allowed, port: (app.server.address() as AddressInfo).port };
}

/** Opens a stream over a socket of its own. */
async function open(path: string) {
  const request = http.get({ host: '127.0.0.1', port: server.port, path, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.on('error', () => undefined);
  const outcome = new Promise<'end' | 'cut'>((resolve) => {
    response.once('close', () => resolve(response.complete ? 'end' : 'cut'));
  });
  return { response, outcome };
}

describe.each([
  { format: 'sse', incomplete: 'end' },
  { format: 'lines', incomplete: 'cut' },
])('a stream of $format', ({ format, incomplete }) => {
  async function reading(stream: string) {
    const { response, outcome } = await open(`/${format}/${stream}`);
    await once(response, 'data');
    response.resume();
    return { outcome };
  }

  it('ends in order when it is complete', async () => {
    const { outcome } = await reading('completes');
    expect(await outcome).toBe('end');
  });

  it(`is over with ${incomplete} when the process stops`, async () => {
    const { outcome } = await reading('waits');
    await server.app.close();
    expect(await outcome).toBe(incomplete);
  });

  it(`is over with ${incomplete} when all readers are told to go`, async () => {
    const { outcome } = await reading('waits');
    readers[Symbol.dispose]();
    expect(await outcome).toBe(incomplete);
  });

  it(`is over with ${incomplete} when the client may read no longer`, async () => {
    const { outcome } = await reading('waits');
    server.allowed.now = false;
    expect(await outcome).toBe(incomplete);
  });

  it('is cut off when what is streamed cannot be read any more', async () => {
    const { outcome } = await reading('breaks');
    expect(await outcome).toBe('cut');
  });

  it('is cut off when its client takes nothing', async () => {
    const { response, outcome } = await open(`/${format}/overflows`);
    response.pause();
    await poll(() => readers.count() === 0, { what: 'the server has given the client up' });
    response.resume();
    expect(await outcome).toBe('cut');
  });
});

import { once } from 'node:events';
import type { FlowStreams } from '../../src/api/auth/stream/flow-streams.ts';
import { CursorInvalid } from '../../src/api/stream/cursor.ts';
import type { Sink } from '../../src/api/stream/sink.ts';
import type { Streams } from '../../src/api/stream/streams.ts';
import type { Store } from '../../src/store/store.ts';

/** Streams of one frame that names what is followed; they stay open until their client or the app ends them. */
export function createScriptedStreams(store: Pick<Store, 'events'>): {
  streams: Streams;
  flowStreams: FlowStreams;
} {
  let readers = 0;

  async function follow(name: string, after: string | undefined, sink: Sink): Promise<void> {
    if (after === 'bad') throw new CursorInvalid('"bad" is no cursor.');
    if (after === 'end') return sink.none();
    sink.open();
    sink.write(Buffer.from(`event: scripted\ndata: ${JSON.stringify({ name, after: after ?? null })}\n\n`));
    if (after === 'break') throw new Error('the stream breaks');
    readers += 1;
    if (!sink.closed.aborted) await once(sink.closed, 'abort');
    readers -= 1;
  }

  const streams: Streams = {
    turn: (turn, after, sink) => follow(`turn ${turn.id}`, after, sink),
    session: (sessionId, after, sink) => follow(`session ${sessionId}`, after, sink),
    approvals: (query, sink) => follow(`approvals ${query.status}`, undefined, sink),
    async events(turn, after) {
      if (after === 'bad') throw new CursorInvalid('"bad" is no cursor.');
      const events = await store.events.list(turn.id);
      return { events, cursor: `${turn.ordinal}.${events.length}` };
    },
    readers: () => readers,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const flowStreams: FlowStreams = {
    follow: (flowId, client, sink) => follow(`flow ${flowId} for ${client}`, undefined, sink),
    wait: async () => undefined,
    shown: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { streams, flowStreams };
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ApiError,
  type Connectedness,
  createClient,
  type ResumeOptions,
  type TurnFrame,
} from '../../../src/client/index.ts';
import {
  BASE,
  createScriptedFetch,
  frame,
  problem,
  type Scripted,
  type Sending,
  stream,
} from '../../support/scripted-fetch.ts';

const event = (seq: number, more: object = {}) =>
  frame('step.started', { type: 'step.started', seq, step: seq, ...more }, `1.${seq}`);
const delta = (seq: number, n: number) =>
  frame('text.delta', { type: 'text.delta', text: `${n}` }, `1.${seq}.${n}`);
const snapshot = (seq: number) => frame('snapshot', { type: 'snapshot', seq, text: '' }, `1.${seq}`);
const end = (seq: number) =>
  frame('turn.completed', { type: 'turn.completed', seq, output: 'o' }, `1.${seq}`);
const RESET = frame('reset', { type: 'reset' });

function setUp(answers: Scripted[], { idleMs = 5_000 } = {}) {
  const script = createScriptedFetch(answers);
  const client = createClient({ baseUrl: BASE, token: 't', idleMs, ...script });
  const states: Connectedness[] = [];
  const resumedFrom = () => script.sent.map(({ headers }) => headers['last-event-id']);
  const read = async (options: ResumeOptions = {}) => {
    const frames: TurnFrame[] = [];
    const stream = client.turns.follow('t_1', { onConnection: (state) => states.push(state), ...options });
    for await (const each of stream) frames.push(each);
    return frames;
  };
  return { ...script, client, states, resumedFrom, read };
}

const ids = (frames: readonly { id: string | undefined; event: string }[]) =>
  frames.map((each) => each.id ?? each.event);

describe('a follower of a turn', () => {
  it('has the state first, then each event, typed, until the turn has ended', async () => {
    const { read, sent } = setUp([stream([snapshot(1), event(2), delta(2, 1), end(3)], 'silence')]);
    const frames = await read();
    expect(ids(frames)).toEqual(['1.1', '1.2', '1.2.1', '1.3']);
    const texts = frames.map((each) => (each.event === 'turn.completed' ? each.data.output : each.event));
    expect(texts).toEqual(['snapshot', 'step.started', 'text.delta', 'o']);
    expect(frames[1]?.text).toBe('{"type":"step.started","seq":2,"step":2}');
    expect(sent[0]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer t' });
    expect(sent[0]?.signal.aborted).toBe(true);
  });

  it('goes on behind the last frame after every drop, in the middle of one too', async () => {
    const cut = event(3).slice(0, -12);
    const { read, resumedFrom, states } = setUp([
      stream([snapshot(1), event(2), cut], 'break'),
      new TypeError('fetch failed'),
      stream([event(3), delta(3, 1)], 'end'),
      stream([end(4)]),
    ]);
    expect(ids(await read())).toEqual(['1.1', '1.2', '1.3', '1.3.1', '1.4']);
    expect(resumedFrom()).toEqual([undefined, '1.2', '1.2', '1.3.1']);
    expect(states.map((state) => state.isConnected || state.failures)).toEqual([true, 1, 2, true, 1, true]);
  });

  it('begins behind a cursor that it is given', async () => {
    const { read, resumedFrom } = setUp([stream([end(8)])]);
    expect(ids(await read({ after: '1.7' }))).toEqual(['1.8']);
    expect(resumedFrom()).toEqual(['1.7']);
  });

  it.each(['\n', '\r\n', '\r'])(
    'reads frames whose lines end with %j and whose bytes come singly',
    async (newline) => {
      const text = [event(1, { word: 'grüße 🎉' }), ': heartbeat\n\n', end(2)]
        .join('')
        .replaceAll('\n', newline);
      const bytes = Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte));
      const frames = await setUp([stream(bytes, 'silence')]).read();
      expect(frames.map(({ data }) => data)).toMatchObject([
        { word: 'grüße 🎉' },
        { type: 'turn.completed' },
      ]);
    },
  );

  it('hands no frame on twice', async () => {
    const { read } = setUp([
      stream([event(1), event(1), event(2), delta(2, 1), delta(2, 2)], 'break'),
      stream([event(2), delta(2, 2), delta(2, 1), delta(2, 3), event(3), event(2), end(4)]),
    ]);
    expect(ids(await read())).toEqual(['1.1', '1.2', '1.2.1', '1.2.2', '1.2.3', '1.3', '1.4']);
  });

  it('has everything again after a reset, over a drop too', async () => {
    const { read, resumedFrom } = setUp([
      stream([event(1), event(2), RESET], 'break'),
      stream([event(1), event(2, { other: true }), end(3)]),
    ]);
    expect(ids(await read({ after: '1.0' }))).toEqual(['1.1', '1.2', 'reset', '1.1', '1.2', '1.3']);
    expect(resumedFrom()).toEqual(['1.0', '1.0']);
  });

  it('ends where there is nothing more', async () => {
    const { read, sent } = setUp([stream([event(1)]), new Response(null, { status: 204 })]);
    expect(ids(await read())).toEqual(['1.1']);
    expect(sent).toHaveLength(2);
  });

  it.each([401, 403, 404, 410, 400, 406])('throws where it is refused with %i', async (status) => {
    const { read, sent } = setUp([stream([event(1)]), problem(status, 'turn_deleted')]);
    await expect(read()).rejects.toBeInstanceOf(ApiError);
    expect(sent).toHaveLength(2);
  });

  it.each([429, 500, 502, 503])(
    'comes again where it is answered %i, no sooner than it may',
    async (status) => {
      const { read, waits } = setUp([
        problem(status, 'not_now', { 'retry-after': '7' }),
        problem(status, 'not_now'),
        stream([end(1)]),
      ]);
      expect(ids(await read())).toEqual(['1.1']);
      expect(waits[0]).toBe(7_000);
      expect(waits[1]).toBeGreaterThanOrEqual(500);
      expect(waits[1]).toBeLessThanOrEqual(1_000);
    },
  );

  it('waits longer with each failure in a row, and begins anew once a frame was read', async () => {
    const refused = Array.from({ length: 8 }, () => new TypeError('fetch failed'));
    const { read, waits } = setUp([...refused, stream([event(1)]), stream([end(2)])]);
    await read();
    const longest = [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 500];
    expect(waits).toHaveLength(longest.length);
    for (const [index, waitMs] of waits.entries()) {
      expect(waitMs).toBeLessThanOrEqual(longest[index] ?? 0);
      expect(waitMs).toBeGreaterThanOrEqual((longest[index] ?? 0) / 2);
    }
  });

  it('connects anew where nothing comes any more, neither headers nor bytes', async () => {
    const never = ({ signal }: Sending) =>
      new Promise<Response>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const { read, states } = setUp([never, stream([event(1)], 'silence'), stream([end(2)])], { idleMs: 5 });
    expect(ids(await read())).toEqual(['1.1', '1.2']);
    const errors = states.flatMap((state) => (state.isConnected ? [] : [String(state.error)]));
    expect(errors).toHaveLength(2);
    for (const error of errors) expect(error).toContain('nothing came for 5 ms');
  });

  it('does not take a page of a proxy for a stream, nor what is no JSON for a frame', async () => {
    const { read, states } = setUp([
      new Response('<h1>Log in</h1>', { headers: { 'content-type': 'text/html' } }),
      stream(['id: 1.1\nevent: step.started\ndata: {"half"\n\n']),
      stream([end(1)]),
    ]);
    expect(ids(await read())).toEqual(['1.1']);
    expect(states.map((state) => state.isConnected || state.failures)).toEqual([1, true, 2, true]);
  });

  it('is ended by its signal, with its reason: while it reads, while it waits, before it begins', async () => {
    const reason = new Error('enough');
    const reading = new AbortController();
    const first = setUp([stream([event(1)], 'silence')]);
    const seen: string[] = [];
    const read = async () => {
      for await (const { id } of first.client.turns.follow('t_1', { signal: reading.signal })) {
        seen.push(String(id));
        queueMicrotask(() => reading.abort(reason));
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(seen).toEqual(['1.1']);

    const waiting = new AbortController();
    const second = setUp([stream([event(1)])]);
    const stopped = second.read({
      signal: waiting.signal,
      onConnection: ({ isConnected }) => isConnected || waiting.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);

    const third = setUp([]);
    await expect(third.read({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(third.sent).toEqual([]);
  });

  it('closes its connection when it is left', async () => {
    const { client, sent } = setUp([stream([event(1), event(2)], 'silence')]);
    for await (const _ of client.turns.follow('t_1')) break;
    expect(sent[0]?.signal.aborted).toBe(true);
  });
});

describe('whatever drops there are', () => {
  /** The frames of a turn: events, and deltas behind some of them. */
  const turn = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }).map((deltas) => [
    ...deltas.flatMap((count, at) => [
      { id: `1.${at + 1}`, text: event(at + 1) },
      ...Array.from({ length: count }, (_, n) => ({
        id: `1.${at + 1}.${n + 1}`,
        text: delta(at + 1, n + 1),
      })),
    ]),
    { id: `1.${deltas.length + 1}`, text: end(deltas.length + 1) },
  ]);
  /** A connection: how many frames it repeats, how many bytes it gives, in pieces of what size, and how it ends. */
  const drop = fc.record({
    repeated: fc.nat({ max: 3 }),
    bytes: fc.nat({ max: 250 }),
    piece: fc.integer({ min: 1, max: 60 }),
    ending: fc.constantFrom<'end' | 'break'>('end', 'break'),
    isRefused: fc.boolean(),
  });

  it('a follower has every frame exactly once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(turn, fc.array(drop, { maxLength: 8 }), async (frames, drops) => {
        const serve = (limit: (typeof drops)[number] | undefined) => (sending: Sending) => {
          if (limit?.isRefused) return problem(503, 'store_unavailable');
          const from = frames.findIndex(({ id }) => id === sending.headers['last-event-id']) + 1;
          const rest = frames.slice(Math.max(0, from - (limit?.repeated ?? 0)));
          const whole = new TextEncoder().encode(rest.map(({ text }) => text).join(''));
          const bytes = whole.subarray(0, limit?.bytes ?? whole.length);
          const size = limit?.piece ?? whole.length;
          const count = Math.ceil(bytes.length / size);
          const pieces = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
          return stream(pieces, limit?.ending)(sending);
        };
        const { read } = setUp([...drops.map(serve), serve(undefined)]);
        expect(ids(await read({ after: '1.0' }))).toEqual(frames.map(({ id }) => id));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a follower of a session', () => {
  it('goes on from turn to turn, and has no end but that of its reader', async () => {
    const turns = [{ id: 't_1', ordinal: 1, state: 'completed' }];
    const state = frame('snapshot', { type: 'snapshot', sessionId: 's', turns, turn: null }, '1.3');
    const of = (ordinal: number, seq: number, type = 'step.started') =>
      frame(type, { type, seq }, `${ordinal}.${seq}`);
    const script = createScriptedFetch([
      stream([state, of(1, 4, 'turn.completed'), of(2, 1)]),
      stream([of(2, 1), of(2, 2)]),
      problem(410, 'session_deleted'),
    ]);
    const { sessions } = createClient({ baseUrl: BASE, ...script });
    const seen: unknown[] = [];
    const read = async () => {
      for await (const each of sessions.follow('s')) seen.push(each.id);
    };
    await expect(read()).rejects.toMatchObject({ status: 410, code: 'session_deleted' });
    expect(seen).toEqual(['1.3', '1.4', '2.1', '2.2']);
    expect(script.sent.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2.1', '2.2']);
  });
});

describe('a follower of a login', () => {
  const state = (revision: number, more: object = {}) =>
    frame('managed_auth_state', { flow_id: 'f_1', revision, flow_status: 'IN_PROGRESS', ...more });
  const beat = frame('sse_heartbeat', { event: 'sse_heartbeat', flow_id: 'f_1' });

  it('has each newer state once, of a newer login too, and ends with it', async () => {
    const script = createScriptedFetch([
      stream([state(1), beat, state(2), state(2)], 'break'),
      stream([state(2), beat, state(4)]),
      stream([state(1, { flow_id: 'f_2' }), state(2, { flow_id: 'f_2', flow_status: 'SUCCESS' })], 'silence'),
    ]);
    const { connections } = createClient({ baseUrl: BASE, ...script });
    const seen: string[] = [];
    for await (const { data } of connections.follow('c')) seen.push(`${data.flow_id} ${data.revision}`);
    expect(seen).toEqual(['f_1 1', 'f_1 2', 'f_1 4', 'f_2 1', 'f_2 2']);
    expect(script.sent[1]?.headers).not.toHaveProperty('last-event-id');
  });

  it('throws when the connection is gone', async () => {
    const script = createScriptedFetch([stream([state(1)]), problem(404, 'connection_not_found')]);
    const { connections } = createClient({ baseUrl: BASE, ...script });
    const read = async () => {
      for await (const _ of connections.follow('c'));
    };
    await expect(read()).rejects.toMatchObject({ status: 404 });
  });
});

describe('a follower of the inbox', () => {
  it('has its state again after a drop, then what changes', async () => {
    const inbox = (...callIds: string[]) =>
      frame('snapshot', { type: 'snapshot', items: callIds.map((callId) => ({ callId })) });
    const script = createScriptedFetch([
      stream([inbox('c1'), frame('approval.requested', { callId: 'c2' })]),
      stream([inbox('c1', 'c2'), frame('approval.resolved', { callId: 'c1' })]),
      problem(401, 'unauthenticated'),
    ]);
    const { approvals } = createClient({ baseUrl: BASE, ...script });
    const seen: unknown[] = [];
    const read = async () => {
      for await (const { event: name, data } of approvals.follow({ agent: 'a' })) {
        seen.push(name === 'snapshot' ? data.items.length : `${name} ${data.callId}`);
      }
    };
    await expect(read()).rejects.toMatchObject({ status: 401 });
    expect(seen).toEqual([1, 'approval.requested c2', 2, 'approval.resolved c1']);
    expect(script.sent[0]).toMatchObject({
      path: '/v1/approvals?agent=a',
      headers: { accept: 'text/event-stream' },
    });
  });
});

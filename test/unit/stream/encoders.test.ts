import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cursor, formatCursor } from '../../../src/api/stream/cursor.ts';
import type { Encoder, Message } from '../../../src/api/stream/encoder.ts';
import { createEventBuffer } from '../../../src/api/stream/event-buffer.ts';
import { sse } from '../../../src/api/stream/sse.ts';
import type { TurnEvent } from '../../../src/contract/index.ts';
import { NOW } from '../../support/builders.ts';
import { poll } from '../../support/poll.ts';
import { createFakeClient, createScriptedTurn, type ScriptedTurn } from '../../support/scripted-turn.ts';

/** A format that is no part of the product: a line for each message. */
const lines: Encoder = {
  contentType: 'text/x-lines',
  encode: ({ event, cursor }) => Buffer.from(`${event} ${cursor ? formatCursor(cursor) : '-'}\n`),
  whenIncomplete: 'cut',
  heartbeat: Buffer.from('\n'),
};

/** The format, with what it was asked to encode. */
function counted(format: Encoder): { encoder: Encoder; encoded: Message[] } {
  const encoded: Message[] = [];
  const encode = (message: Message) => {
    encoded.push(message);
    return format.encode(message);
  };
  return { encoder: { ...format, encode }, encoded };
}

const START: Cursor = { ordinal: 1, seq: 0, n: 0 };
const step = (seq: number): TurnEvent => ({
  seq,
  type: 'step.started',
  at: NOW,
  turnId: 'turn_1',
  step: seq,
});

describe('readers of two formats', () => {
  let script: ScriptedTurn;
  beforeEach(async () => {
    script = await createScriptedTurn();
  });
  afterEach(async () => {
    await script[Symbol.asyncDispose]();
  });

  it('get the same events and deltas, each encoded once for each format', async () => {
    const formats = [counted(sse), counted(lines)];
    const clients = formats.map(({ encoder }) => Array.from({ length: 5 }, () => createFakeClient(encoder)));
    const [asEvents = [], asLines = []] = clients;
    const over = clients.flat().map((client) => script.streams.turn(script.turn, '1.0', client.sink));
    const wrote = (text: string) =>
      poll(() => asLines.every((client) => client.text() === text), { what: text, everyMs: 1 });
    script.tell({ type: 'step.started', step: 1 });
    await wrote('step.started 1.1\n');
    await script.stream(1, 1, 'so ');
    await wrote('step.started 1.1\ntext.delta 1.1.1\n');
    script.tell({ type: 'text.completed', step: 1, text: 'so far' });
    script.tellEnd();
    await script.endRow();
    await Promise.all(over);

    const ids = ['1.1', '1.1.1', '1.2', '1.3'];
    for (const client of asEvents) expect(client.frames().map(({ id }) => id)).toEqual(ids);
    for (const client of asLines) {
      expect(client.text()).toBe(
        'step.started 1.1\ntext.delta 1.1.1\ntext.completed 1.2\nturn.completed 1.3\n',
      );
    }
    for (const { encoded } of formats) {
      expect(encoded.map(({ cursor }) => cursor && formatCursor(cursor))).toEqual(ids);
    }
  });
});

describe('the buffer', () => {
  it('encodes nothing in a format that nobody reads, and nothing before where its first reader begins', () => {
    const buffer = createEventBuffer(1);
    const [read, unread] = [counted(lines), counted(sse)];
    buffer.append([step(1), step(2), step(3)]);
    expect(read.encoded).toEqual([]);
    expect(buffer.after({ ...START, seq: 2 }, read.encoder)?.frames.toString()).toBe('step.started 1.3\n');
    expect(read.encoded).toHaveLength(1);
    const all = buffer.after(START, read.encoder)?.frames.toString();
    expect(all).toBe('step.started 1.1\nstep.started 1.2\nstep.started 1.3\n');
    expect(buffer.after(START, read.encoder)?.frames.toString()).toBe(all);
    expect(read.encoded).toHaveLength(3);
    expect(unread.encoded).toEqual([]);
  });

  it('gives every reader of a format the same bytes of an event', () => {
    const buffer = createEventBuffer(1);
    buffer.append([step(1)]);
    expect(buffer.after(START, lines)?.frames).toBe(buffer.after({ ...START }, lines)?.frames);
  });
});

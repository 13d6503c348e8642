import { createParser } from 'eventsource-parser';
import { createClient, type Fetch } from '../../src/client/index.ts';
import type { Delta, TurnEvent, TurnSnapshot } from '../../src/contract/index.ts';
import { pause, poll } from './poll.ts';
import { openRawStream, type RawStream } from './raw-stream.ts';

/** What a frame of a turn's or session's stream carries. */
export type StreamData = TurnEvent | Delta | TurnSnapshot;

export interface Frame {
  id: string | undefined;
  event: string | undefined;
  /** The `data` line as it came. */
  data: string;
  /** The same, parsed; not validated. */
  json: StreamData;
  /** When it arrived, by `performance.now()`. */
  atMs: number;
}

export interface SseOptions {
  token: string;
  lastEventId?: string | undefined;
}

/** A stream's frames and comments, as they come over a raw socket. */
export interface SseReader extends RawStream {
  readonly frames: readonly Frame[];
  readonly comments: readonly string[];
  /** The text of an answer that is no stream. */
  readonly text: () => string;
  readonly lastId: () => string | undefined;
  until(what: string, matches: (frame: Frame) => boolean, timeoutMs?: number): Promise<Frame>;
}

/** Opens a stream over a raw socket of its own and records its frames. Throws when no connection is made. */
export async function openSse(url: string | URL, options: SseOptions): Promise<SseReader> {
  const frames: Frame[] = [];
  const comments: string[] = [];
  let text = '';
  const parser = createFrameParser(frames, comments);
  const stream = await openRawStream(url, options, (piece, status) => {
    if (status === 200) parser.feed(piece);
    else text += piece;
  });
  return {
    ...stream,
    frames,
    comments,
    text: () => text,
    lastId: () => frames.findLast(({ id }) => id !== undefined)?.id,
    until: (what, matches, timeoutMs = 20_000) =>
      poll(() => frames.find(matches), {
        what: `a reader sees ${what}`,
        timeoutMs,
        everyMs: 5,
        explain: () =>
          `status ${stream.status} ${stream.isOpen() ? 'open' : 'closed'} ${text}; frames so far: ${outline(frames)}`,
      }),
  };
}

function createFrameParser(frames: Frame[], comments: string[] = []) {
  return createParser({
    onEvent: ({ id, event, data }) =>
      frames.push({ id, event, data, json: parseJson(data), atMs: performance.now() }),
    onComment: (comment) => comments.push(comment),
  });
}

/** A reader that reconnects with its last id until the turn has ended, as every client of ours does. */
export interface Follower {
  /** All frames over all connections, as the API has sent them: also what the client takes out. */
  readonly frames: Frame[];
  /** How many connections were answered 200. */
  readonly connections: () => number;
  /** Settles when a terminal event was read. */
  readonly done: Promise<void>;
  close(): void;
}

/** Follows a turn from its first event to its end over any number of broken connections, by the client. */
export function followTurn(
  { baseUrl, token }: { baseUrl: string; token: string },
  turnId: string,
  { from, splitBytes }: { from: string; splitBytes?: number },
): Follower {
  const frames: Frame[] = [];
  let connections = 0;
  const leaving = new AbortController();
  const { turns } = createClient({
    baseUrl,
    token,
    fetch: recordingFetch(frames, splitBytes),
    sleep: () => pause(50),
  });
  const run = async () => {
    const onConnection = ({ isConnected }: { isConnected: boolean }) => {
      if (isConnected) connections += 1;
    };
    try {
      for await (const _ of turns.follow(turnId, { after: from, signal: leaving.signal, onConnection }));
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  };
  return {
    frames,
    connections: () => connections,
    done: run(),
    close: () => leaving.abort(),
  };
}

/** Records each stream's frames on their way, and splits its bytes as a network would. */
function recordingFetch(frames: Frame[], splitBytes: number | undefined): Fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    if (answer.status !== 200) return answer;
    const parser = createFrameParser(frames);
    const decoder = new TextDecoder();
    const recording = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        const size = splitBytes ?? chunk.length;
        for (let at = 0; at < chunk.length; at += size) controller.enqueue(chunk.subarray(at, at + size));
      },
    });
    return new Response(answer.body?.pipeThrough(recording), answer);
  };
}

/** Whether an event type ends a turn. */
export function isEnd(type: string | undefined): boolean {
  return type === 'turn.completed' || type === 'turn.failed' || type === 'turn.cancelled';
}

/** The numbers of an id `<ordinal>.<seq>[.<n>]`; throws for anything else. */
export function parseId(id: string | undefined): { ordinal: number; seq: number; n: number | undefined } {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(id ?? '');
  if (!match) throw new Error(`Not an event id: ${id}`);
  return {
    ordinal: Number(match[1]),
    seq: Number(match[2]),
    n: match[3] === undefined ? undefined : Number(match[3]),
  };
}

/** Frames in one line each, for error messages. */
export function outline(frames: readonly Frame[]): string {
  return frames.map((frame) => `${frame.id ?? '-'} ${frame.event ?? '-'}`).join(', ');
}

function parseJson(data: string): StreamData {
  try {
    return JSON.parse(data) as StreamData;
  } catch {
    return { type: 'not-json' } as unknown as StreamData;
  }
}

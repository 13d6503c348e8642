import http from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { Delta, TurnEvent, TurnSnapshot } from '../../src/contract/index.ts';
import { pause, poll } from './poll.ts';

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
  /** Feeds the parser pieces of so many bytes, as a network that splits frames would. */
  splitBytes?: number;
  onFrame?: (frame: Frame) => void;
}

export interface SseReader {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly frames: readonly Frame[];
  readonly comments: readonly string[];
  /** The text of an answer that is no stream. */
  readonly text: () => string;
  readonly lastId: () => string | undefined;
  readonly isOpen: () => boolean;
  /** Settles when the server or the reader has closed the connection. */
  readonly ended: Promise<'end' | 'broken'>;
  until(what: string, matches: (frame: Frame) => boolean, timeoutMs?: number): Promise<Frame>;
  /** Stops and goes on reading from the socket, as a slow reader. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens a stream over a socket of its own and records its frames. Throws when no connection is made. */
export async function openSse(url: string | URL, options: SseOptions): Promise<SseReader> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${options.token}`,
    accept: 'text/event-stream',
  };
  if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId;
  const request = http.get(url, { agent: false, headers });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  return readFrames(request, response, options);
}

function readFrames(
  request: http.ClientRequest,
  response: http.IncomingMessage,
  options: SseOptions,
): SseReader {
  const frames: Frame[] = [];
  const comments: string[] = [];
  let text = '';
  let lastId: string | undefined;
  let isOpen = true;
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (id !== undefined) lastId = id;
      const frame: Frame = { id, event, data, json: parseJson(data), atMs: performance.now() };
      frames.push(frame);
      options.onFrame?.(frame);
    },
    onComment: (comment) => comments.push(comment),
  });
  const decoder = new StringDecoder('utf8');
  response.on('data', (chunk: Buffer) => {
    const size = options.splitBytes ?? chunk.length;
    for (let at = 0; at < chunk.length; at += size) {
      const piece = decoder.write(chunk.subarray(at, at + size));
      if (response.statusCode !== 200) text += piece;
      else parser.feed(piece);
    }
  });
  const ended = new Promise<'end' | 'broken'>((resolve) => {
    const settle = (how: 'end' | 'broken') => () => {
      isOpen = false;
      resolve(how);
    };
    response.once('end', settle('end')).once('error', settle('broken')).once('close', settle('broken'));
    request.once('error', settle('broken'));
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    frames,
    comments,
    text: () => text,
    lastId: () => lastId,
    isOpen: () => isOpen,
    ended,
    until: (what, matches, timeoutMs = 20_000) =>
      poll(() => frames.find(matches), {
        what: `a reader sees ${what}`,
        timeoutMs,
        everyMs: 5,
        explain: () =>
          `status ${response.statusCode} ${isOpen ? 'open' : 'closed'} ${text}; frames so far: ${outline(frames)}`,
      }),
    pause: () => response.pause(),
    resume: () => response.resume(),
    close: () => request.destroy(),
  };
}

/** A reader that reconnects with its last id until the turn has ended, as a browser would. */
export interface Follower {
  /** All frames over all connections, in order of arrival. */
  readonly frames: Frame[];
  /** How many connections were answered 200. */
  readonly connections: () => number;
  /** Settles when a terminal event was read. */
  readonly done: Promise<void>;
  close(): void;
}

/** Follows a turn from its first event to its end over any number of broken connections. */
export function followTurn(
  url: string | URL,
  options: { token: string; from: string; splitBytes?: number },
): Follower {
  const frames: Frame[] = [];
  let connections = 0;
  let closed = false;
  let current: SseReader | undefined;
  const hasEnded = () => frames.some(({ json }) => isEnd(json.type));
  const run = async () => {
    let lastEventId = options.from;
    while (!closed && !hasEnded()) {
      try {
        current = await openSse(url, { ...options, lastEventId, onFrame: (frame) => frames.push(frame) });
        if (current.status === 200) connections += 1;
        await current.ended;
        lastEventId = current.lastId() ?? lastEventId;
      } catch {
        // Refused while the API is down: the next round tries again.
      }
      if (!hasEnded()) await pause(50);
    }
  };
  return {
    frames,
    connections: () => connections,
    done: run(),
    close: () => {
      closed = true;
      current?.close();
    },
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

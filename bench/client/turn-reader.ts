import { StringDecoder } from 'node:string_decoder';
import type { Api } from './api.ts';
import { UnexpectedAnswer } from './api.ts';

/** One SSE reader of one turn. */
export interface TurnReader {
  /** Resolves with the frame's text when a frame of that event type has arrived. */
  seen(type: string): Promise<string>;
  /** Resolves when the terminal event has arrived. Throws unless it is `turn.completed`. */
  completed: Promise<void>;
}

/** Follows a turn over a socket of its own, as a browser would: from a snapshot, or from a cursor, to the end. */
export async function readTurn(api: Api, turnId: string, after?: string): Promise<TurnReader> {
  const answer = await api.openStream(turnId, after);
  if (answer.statusCode !== 200) {
    throw new UnexpectedAnswer(`the stream of ${turnId}`, answer.statusCode, await answer.body.text());
  }
  const frames = new Map<string, string>();
  const waiting = new Map<string, (frame: string) => void>();
  const completed = Promise.withResolvers<void>();
  const take = (frame: string) => {
    const type = /^event: (.+)$/m.exec(frame)?.[1] ?? '';
    frames.set(type, frame);
    waiting.get(type)?.(frame);
    if (type === 'turn.completed') completed.resolve();
    if (type === 'turn.failed' || type === 'turn.cancelled') completed.reject(new Error(frame));
  };
  let rest = '';
  const decoder = new StringDecoder('utf8');
  answer.body.on('data', (chunk: Buffer) => {
    const pieces = (rest + decoder.write(chunk)).split('\n\n');
    rest = pieces.pop() ?? '';
    for (const frame of pieces) take(frame);
  });
  answer.body.once('error', completed.reject);
  answer.body.once('end', () => completed.reject(new Error(`The stream of ${turnId} ended too early.`)));
  // Whoever waits for an earlier frame hears of it there.
  completed.promise.catch(() => undefined);
  return {
    completed: completed.promise,
    seen: (type) =>
      Promise.race([
        new Promise<string>((resolve) => {
          const known = frames.get(type);
          if (known) resolve(known);
          else waiting.set(type, resolve);
        }),
        completed.promise.then(() => frames.get(type) ?? ''),
      ]),
  };
}

import type { TurnFrame } from '../../src/client/index.ts';
import type { Api } from './api.ts';

/** One SSE reader of one turn. */
export interface TurnReader {
  /** Resolves with the data of a frame of that event type when one has arrived. */
  seen(type: string): Promise<string>;
  /** Resolves when the terminal event has arrived. Throws unless it is `turn.completed`. */
  completed: Promise<void>;
}

/** Follows a turn over a connection of its own, as a browser would: from a snapshot, or from a cursor, to the end. */
export async function readTurn(api: Api, turnId: string, after?: string): Promise<TurnReader> {
  const frames = new Map<string, string>();
  const waiting = new Map<string, (data: string) => void>();
  const opened = Promise.withResolvers<void>();
  const completed = Promise.withResolvers<void>();
  const take = ({ event, text }: TurnFrame) => {
    frames.set(event, text);
    waiting.get(event)?.(text);
    if (event === 'turn.completed') completed.resolve();
    if (event === 'turn.failed' || event === 'turn.cancelled') completed.reject(new Error(text));
  };
  const follow = async () => {
    const onConnection = (state: { isConnected: boolean; error?: unknown }) => {
      // A stream that breaks off is a fault here: what follows would not be measured.
      if (!state.isConnected) throw state.error;
      opened.resolve();
    };
    for await (const frame of api.client.turns.follow(turnId, { after, onConnection })) take(frame);
  };
  follow().catch((error: unknown) => {
    opened.reject(error);
    completed.reject(error);
  });
  // Whoever waits for an earlier frame hears of it there.
  completed.promise.catch(() => undefined);
  await opened.promise;
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

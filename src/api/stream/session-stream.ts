import type { TurnRecord } from '../../store/store.ts';
import { aborted } from './aborted.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import { subscribeToFeed } from './hints.ts';
import type { StreamReader } from './readers.ts';
import type { TurnWatch, TurnWatchDeps } from './turn-watch.ts';
import { createWakeUp } from './wake-up.ts';
import type { Watches } from './watches.ts';

/** Where no feed reaches: how often a session is looked at for its next turn, in milliseconds. */
const UNHINTED_MS = 500;

/** Streams the turns of a session one after the other: a later turn's events are held back until the earlier have ended. */
export async function streamSession(
  deps: TurnWatchDeps & { watches: Watches<TurnRecord, TurnWatch> },
  sessionId: string,
  after: Cursor | undefined,
  reader: StreamReader,
): Promise<void> {
  reader.open();
  let cursor = after ?? (await writeState(deps, sessionId, reader));
  while (!reader.gone.aborted) {
    const turn = await nextTurn(deps, sessionId, cursor, reader);
    if (!turn) return;
    const from = turn.ordinal === cursor.ordinal ? cursor : { ordinal: turn.ordinal, seq: 0, n: 0 };
    await deps.watches.use(turn, reader.gone, (watch) => watch.follow(from, reader));
    cursor = { ordinal: turn.ordinal + 1, seq: 0, n: 0 };
  }
}

/** The first frame: the session's turns, and the state of the one that is at work, or was last. */
async function writeState(
  { store, watches }: TurnWatchDeps & { watches: Watches<TurnRecord, TurnWatch> },
  sessionId: string,
  reader: StreamReader,
): Promise<Cursor> {
  const session = await store.sessions.get(sessionId);
  const turns = await store.sessions.turns(sessionId);
  const current = turns.find((turn) => !turn.endedAt) ?? turns.at(-1);
  let cursor: Cursor = { ordinal: 1, seq: 0, n: 0 };
  const write = (turn: unknown) => {
    const overview = turns.map(({ id, ordinal, state }) => ({ id, ordinal, state }));
    const data = { type: 'snapshot', sessionId, agent: session?.agent, turns: overview, turn };
    reader.send({ event: 'snapshot', data: { ...data, cursor: formatCursor(cursor) }, cursor });
  };
  if (!current) {
    write(null);
    return cursor;
  }
  await watches.use(current, reader.gone, async (watch) => {
    cursor = { ordinal: current.ordinal, seq: watch.snapshotSeq(), n: 0 };
    write(watch.snapshot());
  });
  return cursor;
}

/**
 * The turn that the cursor is in or, where there is none yet, the one that comes. Undefined when the reader is gone, or
 * the session was deleted.
 */
async function nextTurn(
  deps: TurnWatchDeps,
  sessionId: string,
  cursor: Cursor,
  reader: StreamReader,
): Promise<TurnRecord | undefined> {
  const { store, feed, log } = deps;
  const found = Promise.withResolvers<TurnRecord | undefined>();
  let turn: TurnRecord | undefined;
  const wakeUp = createWakeUp(
    async () => {
      turn = (await store.sessions.turns(sessionId)).find(({ ordinal }) => ordinal >= cursor.ordinal);
      if (turn) found.resolve(turn);
      else if (!(await store.sessions.get(sessionId))) found.resolve(undefined);
    },
    {
      retryMs: UNHINTED_MS,
      again: () => !feed.reaches && !turn,
      againMs: UNHINTED_MS,
      failed: (error) => log.debug({ err: error, sessionId }, 'session not readable at the moment'),
    },
  );
  const subscription = subscribeToFeed(deps, {
    hinted(hint) {
      if (hint.topic === 'session' && hint.sessionId === sessionId) wakeUp.hint();
    },
    missed: wakeUp.hint,
  });
  await Promise.race([found.promise, aborted(reader.gone)]);
  subscription[Symbol.dispose]();
  await wakeUp[Symbol.asyncDispose]();
  return turn;
}

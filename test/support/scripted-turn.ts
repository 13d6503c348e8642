import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoder } from '../../src/api/stream/encoder.ts';
import type { Sink } from '../../src/api/stream/sink.ts';
import { sse } from '../../src/api/stream/sse.ts';
import type { Streams } from '../../src/api/stream/streams.ts';
import type { EndStatus, TurnFact } from '../../src/contract/index.ts';
import { createTurnLog, type LogCursor, type TurnLog } from '../../src/core/turn/turn-log.ts';
import { digestOf } from '../../src/digest.ts';
import { createInProcessFeed } from '../../src/feed/in-process-feed.ts';
import type { LiveFeed } from '../../src/feed/live-feed.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store, TurnRecord } from '../../src/store/store.ts';
import type { TurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { openStreams } from './open-streams.ts';

/** A turn whose workflow is played by a test, over a real store and real streams. */
export interface ScriptedTurn extends AsyncDisposable {
  store: Store;
  feed: LiveFeed;
  streams: Streams;
  turn: TurnRecord;
  /** The workflow's log. A test may put another one in its place: what was in the first was never committed. */
  workflow: { log: TurnLog };
  /** Positions that the workflow was asked about. */
  queries: LogCursor[];
  /** What happens before a query is answered: may wait or throw. */
  beforeAnswer: { run: () => Promise<void> | void };
  /** Appends to the workflow's log, and hints. */
  tell(...facts: TurnFact[]): void;
  /** Appends the terminal event in the workflow only. */
  tellEnd(): void;
  /** Ends the row with everything that the log holds, and hints. */
  endRow(status?: EndStatus): Promise<void>;
  /** Writes partial text of a step to the store, and hints. */
  stream(step: number, n: number, text: string): Promise<void>;
  /** Admits another turn of the session. */
  admit(): Promise<TurnRecord>;
  /** The turn's row as it is now. */
  record(): Promise<TurnRecord>;
}

const USAGE = { inputTokens: 1, outputTokens: 2 };
const at = () => new Date().toISOString();

interface FeedOptions {
  reaches?: boolean;
  /** When readers look again without a hint. */
  lookAfterMs?: () => number;
}

export async function createScriptedTurn({
  reaches = true,
  ...looking
}: FeedOptions = {}): Promise<ScriptedTurn> {
  const running = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'longturn-stream-'));
  running.defer(() => rmSync(folder, { recursive: true, force: true }));
  const store = running.use(await createStore({ kind: 'sqlite', file: join(folder, 'store.db') }));
  const feed = running.use(createInProcessFeed(reaches));
  const sessionId = `session_${randomUUID()}`;
  const admit = async () => {
    const admission = await store.turns.admit({
      id: `turn_${randomUUID()}`,
      sessionId,
      agent: 'helper',
      input: 'hello',
      clientTools: [],
      limits: {},
      metadata: {},
      createdAt: at(),
    });
    if (admission.outcome !== 'created') throw new Error(admission.outcome);
    return admission.turn;
  };
  const admitted = await admit();
  const digests = { definition: digestOf('d'), catalogue: digestOf('c') };
  const turn = await store.turns.begin(admitted.id, digests, at());

  const workflow = { log: createTurnLog(turn.id, at) };
  const queries: LogCursor[] = [];
  const beforeAnswer: ScriptedTurn['beforeAnswer'] = { run: () => {} };
  const observer: TurnObserver = {
    async eventsSince(_turnId, reader) {
      queries.push(reader);
      await beforeAnswer.run();
      return structuredClone({ ...workflow.log.since(reader), usage: USAGE });
    },
    async *follow(_turnId, { signal }) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
  const { streams } = running.use(openStreams({ store, observer, feed, ...looking }));
  const hint = (change: 'events' | 'delta' | 'closed') =>
    feed.publish(
      change === 'events'
        ? { topic: 'turn', turnId: turn.id, change: 'grown', seq: Number.POSITIVE_INFINITY }
        : { topic: 'turn', turnId: turn.id, change },
    );
  const scripted: ScriptedTurn = {
    store,
    feed,
    streams,
    turn,
    workflow,
    queries,
    beforeAnswer,
    tell(...facts) {
      for (const fact of facts) workflow.log.append(fact);
      hint('events');
    },
    tellEnd: () => scripted.tell({ type: 'turn.completed', output: 'done', usage: USAGE }),
    async endRow(status = 'completed') {
      await store.turns.end({
        turnId: turn.id,
        status,
        output: 'done',
        usage: USAGE,
        endedAt: at(),
        events: workflow.log.unacknowledged(),
      });
      hint('closed');
    },
    async stream(step, n, text) {
      const delta = { type: 'text.delta' as const, at: at(), turnId: turn.id, step, attempt: 1, text };
      await store.deltas.append(turn.id, step, [{ n, delta }]);
      hint('delta');
    },
    admit,
    async record() {
      const row = await store.turns.get(turn.id);
      if (!row) throw new Error('the turn is lost');
      return row;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
  return scripted;
}

/** A frame as a client reads it. */
export interface SeenFrame {
  id?: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read frames of any shape.
  data: any;
}

/** A client that keeps what it is sent. */
export interface FakeClient {
  sink: Sink;
  /** All that was written. */
  text(): string;
  /** The same as server-sent events. */
  frames(): SeenFrame[];
  /** Kinds of the frames so far. */
  events(): string[];
  /** How the response ended, if it has. */
  outcome(): 'end' | 'none' | 'interrupted' | 'cut' | undefined;
  opened(): boolean;
  /** From now on it takes nothing, until it takes again. */
  pause(): void;
  take(): void;
  leave(): void;
}

export function createFakeClient(encoder: Encoder = sse): FakeClient {
  let text = '';
  let outcome: ReturnType<FakeClient['outcome']>;
  let opened = false;
  let taking = Promise.withResolvers<void>();
  let paused = false;
  taking.resolve();
  const gone = new AbortController();
  const finish = (how: NonNullable<typeof outcome>) => () => {
    if (outcome) throw new Error(`ended twice: ${outcome}, ${how}`);
    outcome = how;
  };
  const frames = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((frame) => !frame.startsWith(':'))
      .map(parseFrame);
  return {
    sink: {
      encoder,
      open() {
        if (opened) throw new Error('opened twice');
        opened = true;
      },
      none: finish('none'),
      write(frame) {
        if (outcome) throw new Error(`written after ${outcome}`);
        text += new TextDecoder().decode(frame);
        return !paused;
      },
      drained: () => taking.promise,
      end: finish('end'),
      interrupt: finish('interrupted'),
      cut: finish('cut'),
      closed: gone.signal,
    },
    text: () => text,
    frames,
    events: () => frames().map(({ event }) => event),
    outcome: () => outcome,
    opened: () => opened,
    pause() {
      paused = true;
      taking = Promise.withResolvers<void>();
    },
    take() {
      paused = false;
      taking.resolve();
    },
    leave: () => gone.abort(),
  };
}

function parseFrame(frame: string): SeenFrame {
  const fields = new Map(
    frame.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const id = fields.get('id');
  return {
    ...(id !== undefined && { id }),
    event: fields.get('event') ?? '',
    data: JSON.parse(fields.get('data') ?? 'null'),
  };
}

import type { TurnEvent } from '../../contract/index.ts';
import { isTerminal } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import { LOG_START } from '../../temporal/turn/turn-observer.ts';
import { streamApprovals } from './approvals-stream.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { encodeFlowHeartbeat } from './flow-shelf.ts';
import { flowShown, streamFlow, waitForFlow } from './flow-stream.ts';
import { createFlowWatch } from './flow-watch.ts';
import { createReaders } from './readers.ts';
import { streamSession } from './session-stream.ts';
import type { Streams } from './streams.ts';
import { streamTurn } from './turn-stream.ts';
import { createTurnWatch, type WatchDeps } from './turn-watch.ts';
import { createWatches } from './watches.ts';

/** How long what waits for the frames of a flow is held up where the store does not answer, in milliseconds. */
const SHOWN_WITHIN_MS = 1_000;

/** The streams of one API process. */
export function createStreams(deps: WatchDeps): Streams {
  const watches = createWatches((turn: TurnRecord) => createTurnWatch(deps, turn));
  const flows = createWatches((flow: { id: string }) => createFlowWatch(deps, flow));
  const readers = createReaders();

  return {
    turn: (turn, after, sink) => {
      const cursor = parseCursor(after);
      return readers.with(sink, (reader) => streamTurn(watches, turn, cursor, reader));
    },
    session: (sessionId, after, sink) => {
      const cursor = parseCursor(after);
      return readers.with(sink, (reader) => streamSession({ ...deps, watches }, sessionId, cursor, reader));
    },
    approvals: (query, sink) => readers.with(sink, (reader) => streamApprovals(deps, query, reader)),
    async events(turn, after) {
      const cursor = parseCursor(after);
      const from = cursor?.ordinal === turn.ordinal ? cursor.seq : 0;
      const events = (await eventsNow(deps, turn)).filter((event) => event.seq > from);
      return {
        events,
        cursor: formatCursor({ ordinal: turn.ordinal, seq: events.at(-1)?.seq ?? from, n: 0 }),
      };
    },
    flow: (id, client, sink) =>
      readers.with(
        sink,
        (reader) => streamFlow(flows, { id }, client, reader),
        () => encodeFlowHeartbeat(id),
      ),
    flowWait: (id, wait) => waitForFlow(flows, { id }, wait),
    flowShown: (id) => flowShown(flows, id, SHOWN_WITHIN_MS),
    readers: readers.count,
    async [Symbol.asyncDispose]() {
      readers.endAll();
      await Promise.all([watches[Symbol.asyncDispose](), flows[Symbol.asyncDispose]()]);
    },
  };
}

/** Events of a turn as known now: an ended one's from the archive, else from its workflow, else what was archived so far. */
async function eventsNow({ store, observer, log }: WatchDeps, turn: TurnRecord): Promise<TurnEvent[]> {
  const archived = await store.events.list(turn.id);
  if (turn.state !== 'running') return archived;
  const events = [...archived];
  try {
    for (let position = LOG_START, more = true; more; ) {
      const page = await observer.eventsSince(turn.id, position);
      events.push(
        ...page.events.filter((event) => event.seq > (events.at(-1)?.seq ?? 0) && !isTerminal(event)),
      );
      position = page.position;
      more = page.more;
    }
  } catch (error) {
    log.debug({ err: error, turnId: turn.id }, 'workflow does not answer; archived events only');
  }
  return events;
}

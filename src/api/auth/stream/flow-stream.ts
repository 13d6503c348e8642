import type { FlowRecord } from '../../../store/auth-store.ts';
import { aborted } from '../../stream/aborted.ts';
import type { Encoder } from '../../stream/encoder.ts';
import type { StreamReader } from '../../stream/readers.ts';
import type { Watches } from '../../stream/watches.ts';
import type { FlowWatch } from './flow-watch.ts';

/** How long the first frame may take where the store does not answer, in milliseconds; then the stream ends without one. */
const FIRST_FRAME_MS = 5_000;

/** The flow that is followed; only its id matters. */
type Followed = Pick<FlowRecord, 'id'>;
type FlowWatches = Watches<Followed, FlowWatch>;

/** Streams a flow to one reader: its newest state at once, then each newer one, until the flow has ended. */
export async function streamFlow(
  watches: FlowWatches,
  flow: Followed,
  client: string,
  reader: StreamReader,
): Promise<void> {
  reader.open();
  const unread = AbortSignal.any([reader.gone, AbortSignal.timeout(FIRST_FRAME_MS)]);
  await watches.use(flow, unread, async (watch) => {
    using stream = watch.open(client);
    await Promise.race([watch.refresh(), aborted(unread)]);
    if (unread.aborted) return;
    await watch.follow(0, { ...reader, gone: AbortSignal.any([reader.gone, stream.gone]) });
  });
}

const NO_BYTES = Buffer.alloc(0);
/** The format of those who wait and read nothing. */
const NOTHING: Encoder = {
  contentType: '',
  encode: () => NO_BYTES,
  whenIncomplete: 'end',
  heartbeat: NO_BYTES,
};

/** What a caller waits for, and how long. */
export interface FlowWait {
  /** Until a revision above this one; absent: until the flow has ended. */
  afterRevision?: number | undefined;
  timeoutMs: number;
  /** Aborted when the caller is gone. */
  gone: AbortSignal;
}

/** Resolves when the flow is as far as waited for, has ended or was deleted, the time is over, or the caller is gone. */
export async function waitForFlow(
  watches: FlowWatches,
  flow: Followed,
  { afterRevision, timeoutMs, gone }: FlowWait,
): Promise<void> {
  const seen = new AbortController();
  const over = AbortSignal.any([gone, AbortSignal.timeout(timeoutMs), seen.signal]);
  const write = () => {
    if (afterRevision !== undefined) seen.abort();
    return true;
  };
  // A reader that is sent nothing: a frame behind the revision is all that it waits for.
  const reader: StreamReader = {
    encoder: NOTHING,
    open() {},
    none() {},
    drained: async () => undefined,
    write,
    send: write,
    gone: over,
  };
  await watches.use(flow, over, async (watch) => {
    await Promise.race([watch.refresh(), aborted(over)]);
    if (!over.aborted) await watch.follow(afterRevision ?? 0, reader);
  });
}

/** Resolves when the open streams of a flow in this process have been written what is stored of it now, or after `withinMs`. */
export async function flowShown(watches: FlowWatches, flowId: string, withinMs: number): Promise<void> {
  const watch = watches.find(flowId);
  if (watch) await Promise.race([watch.refresh(), aborted(AbortSignal.timeout(withinMs))]);
}

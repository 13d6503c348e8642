import type { ListApprovalsQuery, TurnEvent } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import type { FlowWait } from './flow-stream.ts';

export type { FlowWait };

/** Where frames go: one response that is opened once, or ended with 204. */
export interface SseSink {
  /** Sends status 200 and the headers of an event stream. */
  open(): void;
  /** Ends with 204: there is nothing more to follow, and a browser must not reconnect. */
  none(): void;
  /** False when the client does not keep up and bytes are waiting in memory. */
  write(frame: Uint8Array): boolean;
  /** Resolves when the client has taken what was written, or is gone. */
  drained(): Promise<void>;
  end(): void;
  /** Ends without waiting for a client that takes nothing. */
  cut(): void;
  /** Aborted when the client is gone. */
  readonly closed: AbortSignal;
}

/** A cursor that is none of ours. */
export class CursorInvalid extends Error {
  override name = 'CursorInvalid';
}

/** Everything that is followed as SSE. `after` is `Last-Event-ID`, else `?after=`. */
export interface Streams extends AsyncDisposable {
  /** Streams a turn; resolves when the stream has ended. Throws {@link CursorInvalid} before anything is sent. */
  turn(turn: TurnRecord, after: string | undefined, sink: SseSink): Promise<void>;
  /** Streams the turns of a session in order. */
  session(sessionId: string, after: string | undefined, sink: SseSink): Promise<void>;
  /** Streams the inbox: its state first, then each approval that is requested or resolved. */
  approvals(query: ListApprovalsQuery, sink: SseSink): Promise<void>;
  /** Events of a turn after the cursor, as far as they are known now. */
  events(turn: TurnRecord, after: string | undefined): Promise<{ events: TurnEvent[]; cursor: string }>;
  /**
   * Streams an auth flow to a client, whose name is what `shown` notes of it: the newest state at once, then each newer one
   * until the end. Every frame is a full state; there is no cursor.
   */
  flow(flowId: string, client: string, sink: SseSink): Promise<void>;
  /** Resolves when an auth flow is as far as waited for, has ended or is gone, when the time is over or the caller gone. */
  flowWait(flowId: string, wait: FlowWait): Promise<void>;
  /**
   * Resolves when all streams of a flow in this process were written what is stored of it now; after 1 s at the latest.
   * Call it behind `auth.flows.put` and before what must not overtake the frame: an answer, a deletion.
   */
  flowShown(flowId: string): Promise<void>;
  /** How many readers are open. */
  readers(): number;
}

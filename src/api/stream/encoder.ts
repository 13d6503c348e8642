import type { Cursor } from './cursor.ts';

/** One thing that readers are sent, before it is bytes. */
export interface Message {
  /** What it is: the type of an event or delta, `snapshot`, `reset`. */
  event: string;
  data: unknown;
  /** Where a reader that has it resumes; absent where it begins anew. */
  cursor?: Cursor;
}

/**
 * A wire format of streams. Messages are kept as they are, and each is encoded once for each format that somebody reads,
 * however many read it. A new format is a file like `sse.ts` and a line in `formats.ts`; one that has routes of its own hands
 * its encoder to `follow` there.
 */
export interface Encoder {
  /** Header `content-type` of the answer. */
  contentType: string;
  encode(message: Message): Buffer;
  /**
   * How a stream that is not complete is ended: in order, where clients come back either way; or by breaking the connection,
   * where they take an orderly end for success.
   */
  whenIncomplete: 'end' | 'cut';
  /** What keeps an idle connection open, and clients skip. */
  heartbeat: Buffer;
}

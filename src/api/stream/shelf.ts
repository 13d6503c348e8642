/** One or more SSE frames, encoded once for all readers. */
export type Frame = Buffer;

/** The frames that follow a place, and the place behind them. */
export interface Portion<P> {
  frames: Frame;
  place: P;
}

/** Where the frames of one watched thing are taken from: each reader has a place `P`, and gets what is behind it. */
export interface Shelf<P> {
  /** The place of a reader that has nothing yet. */
  readonly beginning: P;
  /** Whether a place is one of this shelf's. */
  has(place: P): boolean;
  /** What follows a place, a portion at a time; undefined at the end. */
  after(place: P): Portion<P> | undefined;
  isSame(a: P, b: P): boolean;
}

/** Encodes a frame: LF only, one `data` line. */
export function encodeFrame(event: string, data: unknown, id?: string): Frame {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

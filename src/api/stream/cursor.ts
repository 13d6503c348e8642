/** How far a reader has read: the last event, and the last delta behind it. */
export interface Cursor {
  ordinal: number;
  seq: number;
  n: number;
}

/** A cursor that is none of ours. */
export class CursorInvalid extends Error {
  override name = 'CursorInvalid';
}

const CURSOR = /^(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?$/;

/** Reads `<ordinal>.<seq>` or `<ordinal>.<seq>.<n>`; an empty text is no cursor. Throws {@link CursorInvalid}. */
export function parseCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined || text === '') return undefined;
  const [, ordinal, seq, n = '0'] = CURSOR.exec(text) ?? [];
  if (ordinal === undefined || seq === undefined) {
    throw new CursorInvalid(
      `"${text.slice(0, 50)}" is no cursor: take the id of a frame, such as 1.17 or 1.17.3.`,
    );
  }
  return { ordinal: Number(ordinal), seq: Number(seq), n: Number(n) };
}

/** The cursor as SSE `id`. */
export function formatCursor({ ordinal, seq, n }: Cursor): string {
  return n > 0 ? `${ordinal}.${seq}.${n}` : `${ordinal}.${seq}`;
}

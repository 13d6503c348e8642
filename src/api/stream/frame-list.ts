import type { Encoder, Message } from './encoder.ts';

/** Most bytes that are given out at once; one frame may be larger. */
const PORTION_BYTES = 256 * 1024;

/** Things in order. Each is encoded once for each format, when the first reader of that format comes to it. */
export interface FrameList<T> {
  readonly items: readonly T[];
  push(item: T): void;
  clear(): void;
  /** The frames of the items from an index on, up to 256 KiB, and the index behind them; undefined at the end. */
  from(first: number, encoder: Encoder): { frames: Buffer; end: number } | undefined;
}

export function createFrameList<T>(messageOf: (item: T) => Message): FrameList<T> {
  const items: T[] = [];
  const encoded = new Map<Encoder, Buffer[]>();

  const framesIn = (encoder: Encoder) => {
    const frames = encoded.get(encoder) ?? [];
    encoded.set(encoder, frames);
    return frames;
  };

  return {
    items,
    push: (item) => void items.push(item),
    clear() {
      items.length = 0;
      encoded.clear();
    },
    from(first, encoder) {
      const frames = framesIn(encoder);
      let bytes = 0;
      let end = first;
      for (let item = items[first]; item !== undefined; item = items[end]) {
        const frame = frames[end] ?? encoder.encode(messageOf(item));
        frames[end] = frame;
        if (end > first && bytes + frame.length > PORTION_BYTES) break;
        bytes += frame.length;
        end += 1;
      }
      const portion = frames.slice(first, end);
      const [only] = portion;
      if (only === undefined) return undefined;
      return { frames: portion.length === 1 ? only : Buffer.concat(portion, bytes), end };
    },
  };
}

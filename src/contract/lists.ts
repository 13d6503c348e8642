import { z } from 'zod';

/** A whole number in a query, in digits: an empty one is none, and neither is `0x10` or `1e2`. */
export function queryInteger(min: number, max: number) {
  const read = (text: unknown) =>
    typeof text === 'string' && /^-?\d{1,12}$/.test(text) ? Number(text) : text;
  return z.preprocess(read, z.number('must be a whole number, in digits').int().min(min).max(max));
}

/** Where a list goes on: opaque, and only what a page of that list gave. */
export const Cursor = z.string().min(1).max(500).meta({
  pattern: '^[A-Za-z0-9_-]+$',
  description: '`nextCursor` of the page before; no other text is one (`cursor_invalid`).',
});

/** Query parameters of every list. */
export const PageQuery = z.object({
  limit: queryInteger(1, 200).default(50).describe('How many items, 1–200.'),
  cursor: Cursor.optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The one shape of every list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

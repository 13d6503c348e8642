import { z } from 'zod';

/** Query parameters of every list. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many items, 1–200.'),
  cursor: z.string().min(1).max(500).optional().describe('`nextCursor` of the page before.'),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The one shape of every list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

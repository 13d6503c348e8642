import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { queryInteger } from '../contract/index.ts';
import type { OffsetPage } from '../store/ports/offset-page.ts';

/** Query parameters of the vendor's lists. */
export const OffsetQuery = z.strictObject({
  limit: queryInteger(1, 100).default(20).describe('How many items, 1–100.'),
  offset: queryInteger(0, 1_000_000).default(0).describe('`X-Next-Offset` of the page before.'),
});

/** Text that a list is searched for. */
export const Search = z.string().max(255).optional();

/**
 * Says in the headers what follows the page, and answers its bare items. The vendor's SDK stops at a next offset of 0.
 */
export function sendPage<T>(reply: FastifyReply, { items, hasMore }: OffsetPage<T>, offset: number): T[] {
  reply.header('x-has-more', String(hasMore));
  reply.header('x-next-offset', String(hasMore ? offset + items.length : 0));
  return items;
}

/** Whether the vendor's SDK says that it sends this request again. */
export function isRepeat(headers: Record<string, string | string[] | undefined>): boolean {
  return Number(headers['x-stainless-retry-count'] ?? 0) > 0;
}

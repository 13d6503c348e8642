import type { OutboundGuard } from '../../outbound/outbound-guard.ts';
import { MAX_REDIRECTS, redirectOf } from '../../outbound/redirect.ts';
import { type Answer, type Outgoing, send } from '../../outbound/send.ts';
import { ToolError } from '../tool.ts';
import { followed } from './outgoing.ts';

/** The last answer, and how it was reached. */
export interface Exchange extends Answer {
  url: URL;
  redirects: number;
}

/**
 * Sends a request and follows redirects, each checked by the guard and by `mayFollow` anew (which throws where it may not)
 * and sent over a connection of its own.
 * Release the answer; that also closes its connection.
 */
export async function exchange(
  first: Outgoing,
  { guard, mayFollow }: { guard: OutboundGuard; mayFollow(from: URL, to: Outgoing): Promise<void> },
  signal: AbortSignal,
): Promise<Exchange> {
  let outgoing = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const headers = { ...outgoing.headers, 'accept-encoding': 'gzip, deflate, br' };
    const answer = await send({ ...outgoing, headers }, guard, signal);
    const location = redirectOf(answer.response);
    if (location === undefined) return { ...answer, url: outgoing.url, redirects };
    await answer[Symbol.asyncDispose]();
    const next = followed(outgoing, answer.response.statusCode, location);
    await mayFollow(outgoing.url, next);
    outgoing = next;
  }
  throw new ToolError('too_many_redirects', `${first.url.href} redirects more than ${MAX_REDIRECTS} times.`);
}

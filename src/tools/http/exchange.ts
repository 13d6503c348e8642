import { Agent, type Dispatcher, request } from 'undici';
import { ToolError } from '../tool.ts';
import type { AddressGuard } from './address-guard.ts';
import { type Outgoing, redirected } from './outgoing.ts';

/** Most redirects that are followed. */
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** An answer whose body has not been read yet. */
export interface Exchange extends AsyncDisposable {
  url: URL;
  redirects: number;
  response: Dispatcher.ResponseData;
}

/**
 * Sends a request and follows redirects, each checked by the guard and by `mayFollow` anew (which throws where it may not)
 * and sent over a connection of its own.
 * Release the answer; that also closes its connection.
 */
export async function exchange(
  first: Outgoing,
  { guard, mayFollow }: { guard: AddressGuard; mayFollow(from: URL, to: Outgoing): Promise<void> },
  signal: AbortSignal,
): Promise<Exchange> {
  let outgoing = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await send(outgoing, guard, signal);
    const location = locationOf(answer.response);
    if (location === undefined) return { ...answer, url: outgoing.url, redirects };
    await answer[Symbol.asyncDispose]();
    const next = redirected(outgoing, answer.response.statusCode, location);
    await mayFollow(outgoing.url, next);
    outgoing = next;
  }
  throw new ToolError('too_many_redirects', `${first.url.href} redirects more than ${MAX_REDIRECTS} times.`);
}

async function send(
  outgoing: Outgoing,
  guard: AddressGuard,
  signal: AbortSignal,
): Promise<Omit<Exchange, 'url' | 'redirects'>> {
  guard.checkLiteral(outgoing.url);
  const agent = new Agent({ connect: { lookup: guard.lookupFor(outgoing.url) }, pipelining: 0 });
  try {
    const response = await request(outgoing.url, {
      dispatcher: agent,
      method: outgoing.method as Dispatcher.HttpMethod,
      headers: { ...outgoing.headers, 'accept-encoding': 'gzip, deflate, br' },
      body: outgoing.body ?? null,
      signal,
    });
    return { response, [Symbol.asyncDispose]: () => release(agent, response) };
  } catch (error) {
    await agent.destroy();
    throw error;
  }
}

async function release(agent: Agent, response: Dispatcher.ResponseData): Promise<void> {
  // What is left of the body fails when its connection is closed; nobody reads it any more.
  response.body.on('error', () => {});
  await agent.destroy();
}

function locationOf({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  const location = REDIRECTS.has(statusCode) ? headers['location'] : undefined;
  return typeof location === 'string' ? location : undefined;
}

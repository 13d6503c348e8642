import { Agent, type Dispatcher, request } from 'undici';
import type { OutboundGuard } from './outbound-guard.ts';

/** A request as it is sent to one origin. */
export interface Outgoing {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string;
}

/** An answer whose body has not been read yet. */
export interface Answer extends AsyncDisposable {
  response: Dispatcher.ResponseData;
}

/**
 * Sends one request over a connection of its own, to an address that the guard has checked; redirects are not followed.
 * Release the answer; that also closes its connection. Throws {@link OutboundRefused}.
 */
export async function send(
  { url, method, headers, body }: Outgoing,
  guard: Pick<OutboundGuard, 'lookupFor'>,
  signal: AbortSignal,
): Promise<Answer> {
  const agent = new Agent({ connect: { lookup: guard.lookupFor(url) }, pipelining: 0 });
  try {
    const response = await request(url, {
      dispatcher: agent,
      method: method as Dispatcher.HttpMethod,
      headers,
      body: body ?? null,
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

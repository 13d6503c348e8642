import type { CreateTokenBody, Page } from '../contract/index.ts';
import { type Caller, createCaller } from './caller.ts';
import { managedAuthNouns } from './managed-auth.ts';
import {
  type Answer,
  type ClientOptions,
  createTransport,
  type RequestOptions,
  type Sent,
} from './transport.ts';
import { turnNouns } from './turns.ts';
import type { CreateWebhookBody, NotesQuery, PageQuery, PutAgentBody } from './types.ts';

/** The API in methods by noun; each throws `ApiError` for an answer that is no success. */
export type Client = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions) {
  const transport = createTransport(options);
  const caller = createCaller(transport);
  const { turns, calls, sessions, grants, approvals } = turnNouns(caller);
  return {
    turns,
    calls,
    sessions,
    grants,
    approvals,
    ...managedAuthNouns(caller),
    ...otherNouns(caller),
    /** One attempt at any request; an answer of any status. */
    request: <T = unknown>(
      sent: Sent,
      options?: Pick<RequestOptions, 'signal' | 'timeoutMs'>,
    ): Promise<Answer<T>> => transport.attempt<T>(sent, options),
  };
}

function otherNouns({ call }: Caller) {
  return {
    agents: {
      list: (query?: PageQuery, options?: RequestOptions) => call('listAgents', {}, options, { query }),
      get: (name: string, options?: RequestOptions) => call('getAgent', { name }, options),
      put: (name: string, body: PutAgentBody, options?: RequestOptions) =>
        call('putAgent', { name }, options, { body }),
      delete: (name: string, options?: RequestOptions) => call('deleteAgent', { name }, options),
    },
    notes: {
      list: (query?: NotesQuery, options?: RequestOptions) => call('listNotes', {}, options, { query }),
      get: (id: string, options?: RequestOptions) => call('getNote', { id }, options),
    },
    tokens: {
      list: (query?: PageQuery, options?: RequestOptions) => call('listTokens', {}, options, { query }),
      create: (body: CreateTokenBody, options?: RequestOptions) => call('createToken', {}, options, { body }),
      delete: (id: string, options?: RequestOptions) => call('deleteToken', { id }, options),
    },
    webhooks: {
      create: (body: CreateWebhookBody, options?: RequestOptions) =>
        call('createWebhook', {}, options, { body }),
      list: (options?: RequestOptions) => call('listWebhooks', {}, options),
      get: (id: string, options?: RequestOptions) => call('getWebhook', { id }, options),
      delete: (id: string, options?: RequestOptions) => call('deleteWebhook', { id }, options),
      deliveries: (id: string, query?: PageQuery, options?: RequestOptions) =>
        call('listDeliveries', { id }, options, { query }),
      redeliver: (id: string, deliveryId: string, options?: RequestOptions) =>
        call('redeliver', { id, deliveryId }, options),
    },
    system: {
      /** Whether the API's process lives. */
      liveness: (options?: RequestOptions) => call('getLiveness', {}, options),
      /** Whether turns can be worked on; throws 503 where not. */
      readiness: (options?: RequestOptions) => call('getReadiness', {}, { retries: 0, ...options }),
      workers: (options?: RequestOptions) => call('listWorkers', {}, options),
    },
  };
}

/** Every item of a list, page after page. */
export async function* allOf<T>(
  list: (page: { cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  for (let page: { cursor?: string } | undefined = {}; page !== undefined; ) {
    const { items, nextCursor }: Page<T> = await list(page);
    yield* items;
    page = nextCursor === undefined ? undefined : { cursor: nextCursor };
  }
}

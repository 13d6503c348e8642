import { ApiError, createClient } from '../../src/client/index.ts';
import type {
  CreateConnectionBody,
  LoginAnswer,
  ManagedAuth,
  SubmitBody,
  TimelineEvent,
} from '../../src/contract/auth/index.ts';
import { type AuthStream, openAuthStream, outline } from './auth-stream.ts';
import { type Answer, createHttpClient, type HttpClient } from './http-client.ts';
import { HopelessError, poll } from './poll.ts';

/** Managed auth in the words of its API, for tests. */
export interface AuthClient {
  readonly http: HttpClient;
  /** The same API at another address or with another token. */
  at(baseUrl: string, token?: string): AuthClient;
  as(token: string): AuthClient;
  create(body: Record<string, unknown>): Promise<ManagedAuth>;
  login(id: string, body?: unknown): Promise<LoginAnswer>;
  get(id: string): Promise<ManagedAuth>;
  submit(id: string, body: SubmitBody, headers?: Record<string, string>): Promise<Answer<SubmitAnswerBody>>;
  cancel(id: string): Promise<Answer<ManagedAuth>>;
  exchange(id: string, code: string | undefined): Promise<Answer<{ jwt: string; code?: string }>>;
  /** A session JWT of the flow that this login began. */
  jwt(login: LoginAnswer): Promise<string>;
  timeline(id: string, query?: object): Promise<TimelineEvent[]>;
  stream(id: string): Promise<AuthStream>;
  /** Waits until GET shows what is awaited. A flow that has ended otherwise ends the wait. */
  until(
    id: string,
    what: string,
    matches: (view: ManagedAuth) => boolean,
    timeoutMs?: number,
  ): Promise<ManagedAuth>;
  /** Waits until something is asked, other than the interaction `after`. */
  asked(id: string, after?: string | null, timeoutMs?: number): Promise<ManagedAuth>;
  /** Waits for the end of the newest flow. */
  ended(id: string, timeoutMs?: number): Promise<ManagedAuth>;
}

type SubmitAnswerBody = { accepted?: boolean; code?: string; message?: string };

/** What is seen of a flow in one line. */
export function describeView(view: ManagedAuth | undefined): string {
  if (view === undefined) return 'nothing seen';
  const fields = view.fields?.map(({ ref, type, reason }) => `${ref}:${type}:${reason}`);
  const choices = view.choices?.map(({ type, label }) => `${type} "${label}"`);
  return `${outline([view as never])} fields [${fields}] choices [${choices}] ${view.interaction_id} external "${view.external_action_message}"`;
}

/** A client with a token; throws where a step that a test takes for granted fails. */
export function createAuthClient(baseUrl: string, token: string): AuthClient {
  const http = createHttpClient(baseUrl, token);
  const { connections } = createClient({ baseUrl, token, retries: 0 });
  const path = (id: string) => `/auth/connections/${id}`;
  /** A refusal ends every wait: what a test takes for granted is not so. */
  const demand = <T>(answering: Promise<T>): Promise<T> =>
    answering.catch((error: unknown) => {
      throw error instanceof ApiError ? new HopelessError(error.message, { cause: error }) : error;
    });
  const get = (id: string) => demand(connections.get(id));
  const exchange = (id: string, code: string | undefined) =>
    createHttpClient(baseUrl, '').request<{ jwt: string; code?: string }>('POST', `${path(id)}/exchange`, {
      body: { code },
      headers: { authorization: '' },
    });
  const until: AuthClient['until'] = async (id, what, matches, timeoutMs = 30_000) => {
    let seen: ManagedAuth | undefined;
    const explain = () => describeView(seen);
    return poll(
      async () => {
        seen = await get(id);
        if (matches(seen)) return seen;
        if (seen.flow_status && seen.flow_status !== 'IN_PROGRESS') {
          throw new HopelessError(`The flow ended before ${what}: ${explain()}`);
        }
        return undefined;
      },
      { what, timeoutMs, everyMs: 100, explain },
    );
  };
  return {
    http,
    at: (url, other) => createAuthClient(url, other ?? token),
    as: (other) => createAuthClient(baseUrl, other),
    create: (body) => demand(connections.create(body as CreateConnectionBody)),
    login: (id, body = {}) => demand(connections.login(id, body as object)),
    get,
    submit: (id, body, headers) => http.post(`${path(id)}/submit`, body, headers),
    cancel: (id) => http.post(`${path(id)}/cancel`),
    exchange,
    jwt: async (login) => (await demand(connections.exchange(login.id, login.handoff_code ?? ''))).jwt,
    timeline: async (id, query = {}) => (await demand(connections.timeline(id, query))).items,
    stream: (id) => openAuthStream(`${baseUrl}${path(id)}/events`, token),
    until,
    asked: (id, after, timeoutMs) =>
      until(
        id,
        'something is asked',
        ({ flow_status, interaction_id }) =>
          flow_status === 'IN_PROGRESS' && interaction_id !== null && interaction_id !== after,
        timeoutMs,
      ),
    ended: (id, timeoutMs) =>
      until(
        id,
        'the flow has ended',
        ({ flow_status }) => flow_status !== null && flow_status !== 'IN_PROGRESS',
        timeoutMs,
      ),
  };
}

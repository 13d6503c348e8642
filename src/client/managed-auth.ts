import type {
  CreateConnectionBody,
  CreateCredentialBody,
  SubmitBody,
  UpdateConnectionBody,
  UpdateCredentialBody,
} from '../contract/index.ts';
import { addressOf, type Caller } from './caller.ts';
import { type FollowOptions, follow } from './follow.ts';
import { loginCourse } from './other-courses.ts';
import type { RequestOptions } from './transport.ts';
import type {
  ConnectionsQuery,
  CreateProfileBody,
  CredentialsQuery,
  LoginBody,
  OffsetQuery,
  ProfilesQuery,
  TimelineQuery,
} from './types.ts';

/** How long the API waits by default where it is asked to, and how much longer its answer may take, in milliseconds. */
const WAIT_MS = 25_000;
const WAIT_MARGIN_MS = 10_000;

/** Auth connections and their logins, stored logins, profiles. */
export function managedAuthNouns({ call, page, transport }: Caller) {
  return {
    connections: {
      create: (body: CreateConnectionBody, options?: RequestOptions) =>
        call('createConnection', {}, options, { body }),
      list: (query?: ConnectionsQuery, options?: RequestOptions) =>
        page('listConnections', {}, options, { query }),
      get: (id: string, options?: RequestOptions) => call('getConnection', { id }, options),
      /** For models: no capability, no text of the site. */
      getSafe: (id: string, options?: RequestOptions) => call('getSafeConnection', { id }, options),
      update: (id: string, body: UpdateConnectionBody, options?: RequestOptions) =>
        call('updateConnection', { id }, options, { body }),
      delete: (id: string, options?: RequestOptions) => call('deleteConnection', { id }, options),
      login: (id: string, body: LoginBody = {}, options?: RequestOptions) =>
        call('beginLogin', { id }, options, { body }),
      submit: (id: string, body: SubmitBody, options?: RequestOptions) =>
        call('submitAnswer', { id }, options, { body }),
      /** The session token of a hand-off code; needs no token. */
      exchange: (id: string, code: string, options?: RequestOptions) =>
        call('exchangeCode', { id }, options, { body: { code } }),
      cancel: (id: string, options?: RequestOptions) => call('cancelLogin', { id }, options),
      /** Looks now whether the login holds. */
      check: (id: string, options?: RequestOptions) => call('checkConnection', { id }, options),
      timeline: (id: string, query?: TimelineQuery, options?: RequestOptions) =>
        page('listTimeline', { id }, options, { query }),
      /** Reports of pages that are read wrongly, for whoever mends the reading. */
      report: (id: string, options?: RequestOptions) => call('createReport', { id }, options),
      reports: (id: string, query?: OffsetQuery, options?: RequestOptions) =>
        page('listReports', { id }, options, { query }),
      getReport: (id: string, reportId: string, options?: RequestOptions) =>
        call('getReport', { id, reportId }, options),
      deleteReport: (id: string, reportId: string, options?: RequestOptions) =>
        call('deleteReport', { id, reportId }, options),
      /** Waits at the API for news of the newest login; `timeout` is in seconds. */
      wait: (
        id: string,
        query: { timeout?: number; after_revision?: number } = {},
        options?: RequestOptions,
      ) => {
        const waitMs = query.timeout === undefined ? WAIT_MS : query.timeout * 1_000;
        return call('waitForLogin', { id }, { timeoutMs: waitMs + WAIT_MARGIN_MS, ...options }, { query });
      },
      /** Each newer state of the newest login, to its end. */
      follow: (id: string, options: FollowOptions = {}) =>
        follow(transport, loginCourse(addressOf('followLogin', { id })), options),
    },
    credentials: {
      create: (body: CreateCredentialBody, options?: RequestOptions) =>
        call('createCredential', {}, options, { body }),
      list: (query?: CredentialsQuery, options?: RequestOptions) =>
        page('listCredentials', {}, options, { query }),
      get: (idOrName: string, options?: RequestOptions) => call('getCredential', { id: idOrName }, options),
      update: (idOrName: string, body: UpdateCredentialBody, options?: RequestOptions) =>
        call('updateCredential', { id: idOrName }, options, { body }),
      delete: (idOrName: string, options?: RequestOptions) =>
        call('deleteCredential', { id: idOrName }, options),
      totpCode: (idOrName: string, options?: RequestOptions) =>
        call('getTotpCode', { id: idOrName }, options),
    },
    profiles: {
      create: (body: CreateProfileBody = {}, options?: RequestOptions) =>
        call('createProfile', {}, options, { body }),
      list: (query?: ProfilesQuery, options?: RequestOptions) => page('listProfiles', {}, options, { query }),
      get: (idOrName: string, options?: RequestOptions) => call('getProfile', { id: idOrName }, options),
      rename: (idOrName: string, name: string, options?: RequestOptions) =>
        call('renameProfile', { id: idOrName }, options, { body: { name } }),
      delete: (idOrName: string, options?: RequestOptions) =>
        call('deleteProfile', { id: idOrName }, options),
      /** The archive, to be read to its end; undefined as long as nothing is saved. */
      async download(idOrName: string, query: { format?: 'tar.zst' | 'tar' } = {}, signal?: AbortSignal) {
        const path = addressOf('downloadProfile', { id: idOrName }, query);
        const never = new AbortController();
        const sent = { method: 'GET', path, headers: { accept: '*/*' } };
        const answer = await transport.open(sent, signal ?? never.signal);
        return answer.status === 200 ? (answer.body ?? undefined) : undefined;
      },
    },
  };
}

import { addressOf, type Caller } from './caller.ts';
import { type FollowOptions, follow } from './follow.ts';
import { approvalsCourse } from './other-courses.ts';
import type { RequestOptions } from './transport.ts';
import { sessionCourse, turnCourse } from './turn-course.ts';
import type { ApprovalsQuery, DecisionBody, PageQuery, StartTurnBody, TurnsQuery } from './types.ts';

/** Options of what starts a turn. */
export interface StartOptions extends RequestOptions {
  /**
   * The same key gives the same turn for 7 days. Absent: a new one for each call, so that the call can be repeated by itself
   * where its answer is lost; none where nothing is repeated.
   */
  idempotencyKey?: string | undefined;
}

/** Options of a stream that has cursors. */
export interface ResumeOptions extends FollowOptions {
  /** The `id` of a frame: goes on behind it. Absent: begins with a `snapshot`. */
  after?: string | undefined;
}

/** Turns, their calls, sessions, grants and the inbox. */
export function turnNouns({ call, transport }: Caller) {
  const keyed = ({ idempotencyKey, ...options }: StartOptions = {}) => {
    const isRepeated = (options.retries ?? transport.retries) > 0;
    const key = idempotencyKey ?? (isRepeated ? newKey() : undefined);
    return [options, key === undefined ? {} : { 'idempotency-key': key }] as const;
  };

  const turns = {
    start(body: StartTurnBody, start?: StartOptions) {
      const [options, headers] = keyed(start);
      return call('startTurn', {}, options, { body, headers });
    },
    list: (query?: TurnsQuery, options?: RequestOptions) => call('listTurns', {}, options, { query }),
    get: (id: string, options?: RequestOptions) => call('getTurn', { id }, options),
    /** A turn that has ended, with everything of it. */
    delete: (id: string, query?: { reason?: string }, options?: RequestOptions) =>
      call('deleteTurn', { id }, options, { query }),
    /** Goes on with a failed or cancelled turn. */
    retry(id: string, start?: StartOptions) {
      const [options, headers] = keyed(start);
      return call('retryTurn', { id }, options, { headers });
    },
    /** Begins again with the input of an ended turn. */
    rerun(id: string, start?: StartOptions) {
      const [options, headers] = keyed(start);
      return call('rerunTurn', { id }, options, { headers });
    },
    cancel: (id: string, body: { reason?: string } = {}, options?: RequestOptions) =>
      call('cancelTurn', { id }, options, { body }),
    /** Ends after what is running now. */
    stop: (id: string, options?: RequestOptions) => call('stopTurn', { id }, options),
    steer: (id: string, message: string, options?: RequestOptions) =>
      call('steerTurn', { id }, options, { body: { message } }),
    /** What has happened so far, behind a cursor. */
    events: (id: string, query?: { after?: string }, options?: RequestOptions) =>
      call('followTurn', { id }, options, { query }),
    /** Every frame of the turn once and in order, to its end. */
    follow: (id: string, { after, ...options }: ResumeOptions = {}) =>
      follow(transport, turnCourse(addressOf('followTurn', { id }), after), options),
  };

  return {
    turns,
    calls: {
      get: (id: string, callId: string, options?: RequestOptions) => call('getCall', { id, callId }, options),
      /** The record of the approval; or that no worker has taken the decision up yet. */
      decide: (id: string, callId: string, body: DecisionBody, options?: RequestOptions) =>
        call('decideCall', { id, callId }, options, { body }),
      submitResult: (
        id: string,
        callId: string,
        body: { content: string; isError?: boolean },
        options?: RequestOptions,
      ) => call('submitResult', { id, callId }, options, { body }),
    },
    sessions: {
      list: (query?: PageQuery, options?: RequestOptions) => call('listSessions', {}, options, { query }),
      /** With its turns. */
      get: (id: string, options?: RequestOptions) => call('getSession', { id }, options),
      delete: (id: string, query?: { reason?: string }, options?: RequestOptions) =>
        call('deleteSession', { id }, options, { query }),
      /** Every frame of its turns once and in order; has no end. */
      follow: (id: string, { after, ...options }: ResumeOptions = {}) =>
        follow(transport, sessionCourse(addressOf('followSession', { id }), after), options),
    },
    grants: {
      list: (sessionId: string, query?: PageQuery, options?: RequestOptions) =>
        call('listGrants', { id: sessionId }, options, { query }),
      revoke: (sessionId: string, grantId: string, options?: RequestOptions) =>
        call('revokeGrant', { id: sessionId, grantId }, options),
    },
    approvals: {
      list: (query?: ApprovalsQuery, options?: RequestOptions) =>
        call('listApprovals', {}, options, { query }),
      /** The inbox, then each approval that is requested or resolved; after a drop the inbox again. Has no end. */
      follow: (query?: Omit<ApprovalsQuery, keyof PageQuery>, options: FollowOptions = {}) =>
        follow(transport, approvalsCourse(addressOf('listApprovals', {}, query)), options),
    },
  };
}

/** 128 random bits. By hand: `randomUUID` is there on https only. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

import type { z } from 'zod';
import type { Approval, StateFrame } from '../contract/index.ts';
import { type Course, type Frame, parseData } from './follow.ts';
import type { Sent } from './transport.ts';

/** The whole state of a login at one revision. */
export type LoginState = z.infer<typeof StateFrame>;
/** A frame of a login's stream. Its heartbeats are not handed on. */
export type LoginFrame = Frame<'managed_auth_state', LoginState>;

/** A frame of the inbox's stream: first, and again after each drop, what is in it; then each change. */
export type ApprovalFrame =
  | Frame<'snapshot', { type: 'snapshot'; items: Approval[] }>
  | Frame<'approval.requested' | 'approval.resolved', Approval>;

/**
 * The course of the newest login of a connection. A stream begins with the whole state, so there is nothing to resume from: a
 * revision that was seen is not handed on again.
 */
export function loginCourse(path: string): Course<LoginFrame> {
  let last: Pick<LoginState, 'flow_id' | 'revision'> | undefined;
  return {
    next: () => streamOf(path),
    take(raw) {
      if (raw.event !== 'managed_auth_state') return undefined;
      const data = parseData<LoginState>(raw);
      if (last?.flow_id === data.flow_id && data.revision <= last.revision) return undefined;
      last = data;
      return { event: raw.event, data, id: raw.id, text: raw.data };
    },
    isEnd: ({ data }) => data.flow_status !== 'IN_PROGRESS',
  };
}

/** The course of the inbox; has no end of its own. */
export function approvalsCourse(path: string): Course<ApprovalFrame> {
  return {
    next: () => streamOf(path),
    take: (raw) => ({ event: raw.event, data: parseData(raw), id: raw.id, text: raw.data }) as ApprovalFrame,
    isEnd: () => false,
  };
}

function streamOf(path: string): Sent {
  return { method: 'GET', path, headers: { accept: 'text/event-stream' } };
}

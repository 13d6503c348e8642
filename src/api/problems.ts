import type { Approval, Problem, ProblemCode, Tombstone } from '../contract/index.ts';

/** Status and title of every problem code: the one table. */
export const PROBLEMS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  validation_failed: [400, 'The request does not have the right shape'],
  malformed_json: [400, 'The body is not JSON'],
  cursor_invalid: [400, 'The cursor is none of ours'],
  unauthenticated: [401, 'A valid token is required'],
  token_expired: [401, 'The token has expired'],
  forbidden: [403, 'The token lacks a scope'],
  not_found: [404, 'There is nothing here'],
  agent_not_found: [404, 'There is no such agent'],
  session_not_found: [404, 'There is no such session'],
  turn_not_found: [404, 'There is no such turn'],
  call_not_found: [404, 'There is no such tool call'],
  grant_not_found: [404, 'There is no such grant'],
  note_not_found: [404, 'There is no such note'],
  token_not_found: [404, 'There is no such token'],
  connection_not_found: [404, 'There is no such auth connection'],
  credential_not_found: [404, 'There is no such credential'],
  profile_not_found: [404, 'There is no such profile'],
  webhook_not_found: [404, 'There is no such webhook'],
  delivery_not_found: [404, 'There is no such delivery'],
  handoff_not_found: [404, 'There is no such hand-off code'],
  reading_not_found: [404, 'No page was read lately'],
  report_not_found: [404, 'There is no such report'],
  preview_not_found: [404, 'There is no picture of the page'],
  method_not_allowed: [405, 'The method is not allowed here'],
  not_acceptable: [406, 'No acceptable form of the answer'],
  session_agent_mismatch: [409, 'The session belongs to another agent'],
  tool_mismatch: [409, 'The call is of another tool'],
  already_decided: [409, 'The call is already decided'],
  already_resolved: [409, 'The call already has a result'],
  awaiting_decision: [409, 'The call still awaits a decision'],
  not_awaiting_result: [409, 'The call does not await a result'],
  turn_ended: [409, 'The turn has ended'],
  pin_lost: [409, 'What the turn is pinned to is not known any more'],
  grant_limit_reached: [409, 'The session takes no further grant'],
  turn_deleted: [410, 'The turn was deleted'],
  session_deleted: [410, 'The session was deleted'],
  turn_not_ended: [409, 'The turn has not ended yet'],
  not_retryable: [409, 'The turn cannot be retried'],
  already_retried: [409, 'The turn is retried already'],
  already_exists: [409, 'It is there already'],
  flow_in_progress: [409, 'A login is already in progress'],
  no_active_flow: [400, 'There is no login in progress'],
  no_active_interaction: [400, 'Nothing is asked at the moment'],
  stale_interaction: [400, 'The question was answered or replaced'],
  session_expired: [410, 'The login has expired'],
  handoff_used: [410, 'The hand-off code is used up or has expired'],
  profile_in_use: [409, 'The profile is in use'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be application/json'],
  idempotency_key_reused: [422, 'The idempotency key belongs to another body'],
  agent_invalid: [422, 'The agent definition does not hold together'],
  input_invalid: [422, 'The input is not valid'],
  denied_by_policy: [422, 'The policy denies it'],
  always_refused: [422, 'This call cannot be allowed always'],
  action_not_allowed: [422, 'The action is not allowed here'],
  rate_limited: [429, 'Too many requests'],
  internal_error: [500, 'Something went wrong on our side'],
  engine_unavailable: [503, 'The engine does not answer'],
  store_unavailable: [503, 'The store does not answer'],
};

/** One wrong place: `body.clientTools[0].name`, `query.limit`. */
export interface Fault {
  path: string;
  message: string;
}

interface Extra {
  /** Instead of the code's usual status, where a route documents another one. */
  status?: number;
  errors?: Fault[] | undefined;
  /** What is there already, with `already_exists`. */
  existingId?: string;
  approval?: Approval | undefined;
  /** What is left, with `turn_deleted`. */
  tombstone?: Tombstone | undefined;
  headers?: Record<string, string>;
  cause?: unknown;
}

const MAX_FAULTS = 20;
const MAX_FAULT_PATH = 200;
const MAX_FAULT_MESSAGE = 500;
const MAX_DETAIL = 2_000;

/** The first faults, each in few words: what is told never grows with what was sent. */
export function boundedFaults(faults: readonly Fault[]): Fault[] {
  const told = faults.slice(0, MAX_FAULTS).map(({ path, message }) => ({
    path: clipped(path, MAX_FAULT_PATH),
    message: clipped(message, MAX_FAULT_MESSAGE),
  }));
  const more = faults.length - told.length;
  return more > 0 ? [...told, { path: '', message: `There are ${more} more.` }] : told;
}

function clipped(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}

/** A failure that the caller is told. `message` says what is wrong and how to mend it. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: Fault[] | undefined;
  readonly existingId: string | undefined;
  readonly approval: Approval | undefined;
  readonly tombstone: Tombstone | undefined;
  /** Sent with the answer, such as `retry-after`. */
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, message: string, extra: Extra = {}) {
    super(clipped(message, MAX_DETAIL), { cause: extra.cause });
    this.code = code;
    this.status = extra.status ?? PROBLEMS[code][0];
    this.errors = extra.errors && boundedFaults(extra.errors);
    this.existingId = extra.existingId;
    this.approval = extra.approval;
    this.tombstone = extra.tombstone;
    this.headers = extra.headers ?? {};
  }
}

/** The body of an `application/problem+json` answer (RFC 9457). `vendor`: with what the vendor's clients read. */
export function problemBody(
  problem: ApiProblem,
  { vendor, ...where }: { instance: string; requestId: string; vendor: boolean },
): Problem {
  return {
    type: `urn:longturn:problem:${problem.code}`,
    title: PROBLEMS[problem.code][1],
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...where,
    ...(vendor && { message: messageOf(problem) }),
    ...(problem.existingId !== undefined && { existing_id: problem.existingId }),
    ...(problem.errors && { errors: problem.errors }),
    ...(problem.approval && { approval: problem.approval }),
    ...(problem.tombstone && { tombstone: problem.tombstone }),
  };
}

/** Clients of the vendor show nothing but this: what is wrong, not only where. */
function messageOf({ message, errors }: ApiProblem): string {
  if (!errors || errors.length === 0) return message;
  return errors
    .map((fault) => `${fault.path}: ${fault.message}`)
    .join('; ')
    .slice(0, 1_000);
}

import type { ClientTool, Failure, LimitsInput, PendingCall } from '../../contract/index.ts';
import { fromText, optional, same, toText, toTextOrNull } from '../json-text.ts';
import type { ActingToken, ModelWait, NewTurn, TurnRecord } from '../store.ts';
import type { TurnRow } from './schema.ts';

const BRIEF_CHARACTERS = 120;
const OUTCOME_CHARACTERS = 200;

/** The record that a row keeps. */
export function toRecord(row: TurnRow): TurnRecord {
  return {
    id: row.id,
    sessionId: row.session_id,
    ordinal: row.ordinal,
    agent: row.agent,
    state: row.state,
    input: fromText<string>(row.input),
    clientTools: fromText<ClientTool[]>(row.client_tools),
    limits: fromText<LimitsInput>(row.limits),
    metadata: fromText<Record<string, string>>(row.metadata),
    pending: fromText<PendingCall[]>(row.pending),
    ...optional('digests', row.digests, fromText<NonNullable<TurnRecord['digests']>>),
    ...optional('output', row.output, fromText<string>),
    usage: {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      ...(row.usage_estimated === 1 && { estimated: true as const }),
    },
    ...optional('error', row.error, fromText<Failure>),
    ...(row.resets > 0 && { resets: row.resets }),
    ...optional('modelWait', row.model_wait, fromText<ModelWait>),
    createdAt: row.created_at,
    ...optional('startingAt', row.starting_at, same),
    ...optional('startedAt', row.started_at, same),
    ...optional('endedAt', row.ended_at, same),
    ...optional('deletedAt', row.deleted_at, same),
    ...optional('retryOf', row.retry_of, same),
    ...optional('rerunOf', row.rerun_of, same),
    ...optional('acting', row.acting, fromText<ActingToken>),
  };
}

/** The row of a turn that is being admitted. */
export function newRow(turn: NewTurn, ordinal: number, state: 'queued' | 'starting'): TurnRow {
  return {
    id: turn.id,
    session_id: turn.sessionId,
    ordinal,
    agent: turn.agent,
    state,
    waiting: 0,
    created_at: turn.createdAt,
    starting_at: state === 'starting' ? turn.createdAt : null,
    started_at: null,
    ended_at: null,
    checked: null,
    start_accepted: 0,
    resets: 0,
    input_tokens: 0,
    output_tokens: 0,
    digests: null,
    brief: toText(shortened(turn.input.trimStart().split('\n', 1)[0] ?? '', BRIEF_CHARACTERS)),
    outcome: null,
    limits: toText(turn.limits),
    metadata: toText(turn.metadata),
    pending: '[]',
    error: null,
    client_tools: toText(turn.clientTools),
    input: toText(turn.input),
    output: null,
    deleted_at: null,
    deletion: null,
    model_wait: null,
    retry_of: turn.retryOf ?? null,
    rerun_of: turn.rerunOf ?? null,
    usage_estimated: null,
    acting: toTextOrNull(turn.acting),
  };
}

/** What the thread note says of an end. */
export function outcomeOf(end: { output?: string; error?: Failure }): string {
  const text = end.error ? `${end.error.code}: ${end.error.message}` : (end.output ?? '');
  return shortened(text, OUTCOME_CHARACTERS);
}

/** One line of at most so many characters. */
function shortened(text: string, most: number): string {
  const characters = [
    ...text
      .slice(0, most * 4)
      .replaceAll(/\s+/gu, ' ')
      .trim(),
  ];
  const isWhole = characters.length <= most && text.length <= most * 4;
  return isWhole ? characters.join('') : `${characters.slice(0, most).join('')}…`;
}

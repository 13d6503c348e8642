import type { JsonObject, TurnEvent, Usage } from '../../contract/index.ts';
import type { TurnRecord } from './turns.ts';

/** What a model call of one step answered. */
export interface StepResult {
  /** The model that answered, where it was not the agent's own. */
  model?: string;
  text: string;
  calls: {
    callId: string;
    tool: string;
    input: JsonObject;
    inputDigest: string;
    invalid?: string;
    code?: 'too_many_calls';
  }[];
  usage: Usage;
  /** What its model thought; never told to anybody but the model. */
  reasoning?: Reasoning;
  /** The step of a retried turn that this one takes the place of: its calls are finished here. */
  resumes?: { turnId: string; step: number };
}

/**
 * What a thinking model is sent back of a step with the answer that it gave, as it wrote it: opaque, some of it signed or
 * encrypted by its provider, and for that model only.
 */
export interface Reasoning {
  /** `provider/model` that wrote it. */
  model: string;
  /** The answer's parts in their order; text by its length in UTF-16 units, calls by their index. */
  parts: ReasoningPart[];
  /** Fields that belong to the message as a whole, such as `reasoning_content`. */
  fields?: JsonObject;
}

export type ReasoningPart = { metadata?: JsonObject } & (
  | { type: 'reasoning'; text: string }
  | { type: 'text'; length: number }
  | { type: 'call'; index: number }
);

/** One turn's share of a session's transcript. */
export interface TranscriptTurn {
  turn: TurnRecord;
  steps: { step: number; result: StepResult }[];
  events: TurnEvent[];
  /** In the order in which they were made. */
  compactions: { step: number; round: number; compaction: Compaction }[];
}

/** Up to which step something of a turn is covered, by turn id. */
export type Covers = Record<string, number>;

/** What models are no longer shown of a conversation from some step on. The transcript itself stays whole. */
export interface Compaction {
  covers: Covers;
  /** The summary that stands for it. Without one, only tool results are cleared. */
  text?: string;
  /** What it saved, as its event tells it. */
  saved: Pick<
    CompactedEvent,
    'strategy' | 'fromTurn' | 'fromStep' | 'toTurn' | 'toStep' | 'tokensBefore' | 'tokensAfter'
  >;
  /** What the summary cost. */
  usage: Usage;
}

type CompactedEvent = Extract<TurnEvent, { type: 'context.compacted' }>;

import type { JsonObject, Usage } from '../contract/index.ts';
import type { Reasoning } from '../store/store.ts';

/** What the model reads: a conversation in order. Tool results follow the assistant message that asked for them. */
export type ModelMessage =
  /** `summary`: it stands for what is no longer shown, among it so many steps of the input that is being worked on. */
  | { role: 'user'; text: string; summary?: { steps: number } }
  | {
      role: 'assistant';
      text: string;
      calls: { callId: string; tool: string; input: JsonObject }[];
      /** Sent to the model that it is of, and to no other. */
      reasoning?: Reasoning;
    }
  | { role: 'tool'; callId: string; tool: string; content: string; isError: boolean };

export interface ModelTool {
  name: string;
  description: string;
  /** JSON Schema of an object. */
  inputSchema: JsonObject;
}

export interface ModelRequest {
  /** Set where the model is not asked for a step, but for a summary of a conversation. */
  purpose?: 'summary';
  /** The part of the model's name after `provider/`. */
  model: string;
  instructions: string;
  messages: ModelMessage[];
  tools: ModelTool[];
  /** Which attempt of this step it is, from 1. */
  attempt: number;
  signal: AbortSignal;
  /** Called with each piece of text as it arrives; joined, the pieces are the answer's text. */
  onText(piece: string): void;
  /** Called with every sign of life of the provider, whether or not it can be read. */
  onProgress?(): void;
}

export interface ModelToolCall {
  tool: string;
  input: JsonObject;
  /** Why the arguments could not be read, where the model wrote none that are a JSON object; `input` is then {}. */
  invalid?: string;
}

export interface ModelResponse {
  text: string;
  /** In the order in which the model asked for them. Empty: `text` is the final answer. */
  calls: ModelToolCall[];
  usage: Usage;
  /** Where the model thought before it answered and wants that back. */
  reasoning?: Reasoning;
}

/** A language model, or something that stands in for one. */
export interface ModelProvider {
  /** Generates one step. Never retries by itself. Throws {@link ModelError}. */
  generate(request: ModelRequest): Promise<ModelResponse>;
}

/** The codes that a turn can end with when its model fails. */
export type ModelErrorCode =
  | 'model_rate_limited'
  | 'model_unavailable'
  | 'model_bad_request'
  | 'model_unauthorized'
  | 'model_context_overflow'
  | 'model_refused'
  | 'model_output_truncated'
  | 'model_empty_answer'
  | 'model_bad_response'
  | 'model_not_configured'
  | 'script_unknown_command'
  | 'script_invalid';

/** Why a model call failed, whether to try again, and when. */
export class ModelError extends Error {
  override name = 'ModelError';
  readonly code: ModelErrorCode;
  readonly retryable: boolean;
  /** Most likely it comes again: it is tried once more, and not for as long as an outage is borne. */
  readonly lasting: boolean;
  /** As the provider asked with `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ModelErrorCode,
    message: string,
    options: { retryable?: boolean; lasting?: boolean; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.lasting = options.lasting ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Finds the provider for a `provider/model` name. Throws {@link ModelError} `model_not_configured`. */
export type ModelDirectory = (name: string) => {
  provider: ModelProvider;
  model: string;
  /** A provider that sends nothing for this long has failed, in milliseconds; absent: it is waited for. */
  idleMs?: number;
};

import type { Grant, Usage } from '../../contract/index.ts';

/** A message that the model is told before its next step. */
export interface WaitingSteer {
  message: string;
  by: { tokenId: string; name: string };
}

/** What a turn remembers beside its events. Plain JSON: it travels through continue-as-new. */
export interface TurnMemory {
  usage: Usage;
  grants: Grant[];
  /** Steering messages that the model has not been told yet. */
  steers: WaitingSteer[];
  /** Ids of steering messages that were accepted, newest last. */
  seen: string[];
  stopping: boolean;
  /** Digest of each result that a client or a person handed in, by call id. */
  results: Record<string, string>;
  /** Results that came in full, were cut for the model and are not kept yet, by call id. */
  fullResults: Record<string, string>;
  /** Digest of each decision taken, by call id: the same again is answered, another is refused. */
  decisions: Record<string, string>;
}

export function emptyMemory(): TurnMemory {
  return {
    usage: { inputTokens: 0, outputTokens: 0 },
    grants: [],
    steers: [],
    seen: [],
    stopping: false,
    results: {},
    fullResults: {},
    decisions: {},
  };
}

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { TurnSnapshot } from '../../contract/index.ts';
import type {
  AlwaysAllow,
  AnsweredApproval,
  Cancel,
  ClientToolResult,
  Steer,
  Stop,
  ToolDecision,
} from '../../core/turn/messages.ts';
import type { LogAnswer, LogCursor } from '../../core/turn/turn-log.ts';

/** A person decides on one call. */
export const toolDecisionSignal = defineSignal<[ToolDecision]>('toolDecision');
/** The same, and the sender wants to know what became of it. */
export const toolDecisionUpdate = defineUpdate<AnsweredApproval, [ToolDecision]>('toolDecision');

/** A person allows this call and, from now on, those that the grant covers. */
export const alwaysAllowSignal = defineSignal<[AlwaysAllow]>('alwaysAllow');
export const alwaysAllowUpdate = defineUpdate<AnsweredApproval, [AlwaysAllow]>('alwaysAllow');

/** The client hands in what its own tool returned. */
export const clientToolResultSignal = defineSignal<[ClientToolResult]>('clientToolResult');
export const clientToolResultUpdate = defineUpdate<{ callId: string }, [ClientToolResult]>(
  'clientToolResult',
);

/** A message for the model, which is told it before the next step. */
export const steerSignal = defineSignal<[Steer]>('steer');
export const steerUpdate = defineUpdate<null, [Steer]>('steer');

/** Finish this step, then end. */
export const stopSignal = defineSignal<[Stop]>('stop');
export const stopUpdate = defineUpdate<null, [Stop]>('stop');

/** Abandon the turn now. */
export const cancelSignal = defineSignal<[Cancel]>('cancel');

/** A grant of the session is revoked; calls from now on are not covered by it. */
export const grantRevokedSignal = defineSignal<[{ grantId: string }]>('grantRevoked');

/** What a tool call waits for may have happened: it looks again. */
export const wakeCallSignal = defineSignal<[{ callId: string }]>('wakeCall');

/** Events behind a position. */
export const eventsSinceQuery = defineQuery<LogAnswer, [LogCursor]>('eventsSince');
/** The state of the turn, with its `seq`. */
export const snapshotQuery = defineQuery<TurnSnapshot>('snapshot');

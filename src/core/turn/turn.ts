import type { Grant, Stuck, TurnEvent, TurnFact, Usage } from '../../contract/index.ts';
import { type JudgedCall, type Judgement, judge } from '../policy/policy.ts';
import type { PreparedTurn } from './prepared-turn.ts';
import type { LogCarry, TurnLog } from './turn-log.ts';
import { approvalOf, type TurnIdentity } from './turn-snapshot.ts';
import type { CallState } from './turn-state.ts';

/** Input of the `agentTurn` workflow. */
export interface TurnStart extends TurnIdentity {
  /** Set by continue-as-new only. */
  carried?: TurnCarry;
}

/** What a turn takes along into its next workflow run. */
export interface TurnCarry {
  log: LogCarry;
  prepared: PreparedTurn;
  memory: TurnMemory;
  /** Instant at which the turn's time is over. */
  deadlineAt?: number;
}

/** A message taken up by the model before its next step. */
export interface WaitingSteer {
  message: string;
  by: { tokenId: string; name: string };
}

/** Why a turn ends before its model has said its last word. */
export type Interrupt =
  | { kind: 'cancel'; reason?: string; by?: { tokenId: string; name: string } }
  | { kind: 'deadline' }
  /** A message was half taken when its handler broke, or what people wait for could not be recorded. */
  | { kind: 'fault'; error: unknown };

/** What a turn remembers beside its events. Plain JSON: it travels through continue-as-new. */
export interface TurnMemory {
  usage: Usage;
  grants: Grant[];
  /** Steering messages not taken up yet. */
  steers: WaitingSteer[];
  /** Ids of messages taken up, newest last. */
  seen: string[];
  stopping: boolean;
  /** Digest of each result that a client or a person handed in, by call id. */
  results: Record<string, string>;
  /** Results that came in full, were cut for the model and are not kept yet, by call id. */
  fullResults: Record<string, string>;
  /** Digest of each decision taken, by call id: the same again is answered, another is refused. */
  decisions: Record<string, string>;
}

/** One turn at work: its log, what it pinned, and what it remembers. */
export interface Turn extends TurnIdentity {
  log: TurnLog;
  prepared: PreparedTurn;
  /** Length of the history in the workflow task in which it was prepared. */
  preparedInTask?: number;
  memory: TurnMemory;
  /** Many events on their way to the store, ahead of parallel calls. */
  goingAhead?: Promise<void>;
  /** Resolves when the heavy activities scheduled so far have ended; never rejects. */
  heavy?: Promise<void>;
  /** How many calls the current step has. */
  abreast: number;
  interrupt?: Interrupt;
  /** Calls that were woken since they looked last. */
  woken: Set<string>;
  /** Calls that are waiting for something and have no result yet. */
  waiting: Set<string>;
  /** What it waits for a capable worker with, by activity. */
  lacking: Map<string, Stuck>;
  /** Set once the end is decided: from then on every message is refused. */
  ending: boolean;
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

export function append(turn: Turn, fact: TurnFact): TurnEvent {
  return turn.log.append(fact);
}

export function callOf(turn: Turn, callId: string): CallState | undefined {
  const { calls } = turn.log.state();
  return Object.hasOwn(calls, callId) ? calls[callId] : undefined;
}

export function toolOf(turn: Turn, name: string): PreparedTurn['tools'][number] | undefined {
  return turn.prepared.tools.find((tool) => tool.name === name);
}

/** Whether what the turn sends at once is bounded: see {@link PreparedTurn.bounded}. */
export function isBounded({ prepared }: Turn): boolean {
  return prepared.bounded === true;
}

/** A call with what its arguments stand for, where the turn judges by that. */
export function judged(turn: Turn, { tool, input, inputDigest }: JudgedCall): JudgedCall {
  const values = turn.prepared.judgesValues && { subjects: toolOf(turn, tool)?.subjects ?? {} };
  return { tool, input, inputDigest, ...values };
}

/** What the policy and the grants say of a call, at this moment. */
export function judgeCall(turn: Turn, call: JudgedCall, at: string): Judgement {
  const { policy } = turn.prepared;
  const gate = toolOf(turn, call.tool)?.gate;
  return judge(judged(turn, call), policy, gate, turn.memory.grants, at, judgingSteps(turn));
}

/** Most steps that all calls of a step may take to be judged at once; some 100 ms. Decisions in histories depend on it. */
const MAX_STEP_JUDGING = 4_000_000;
const FEW_CALLS = 8;

/** Most steps that judging one call may take; undefined in turns that began before there was a bound. */
export function judgingSteps({ prepared, abreast }: Turn): number | undefined {
  return prepared.boundedMatching ? Math.floor(MAX_STEP_JUDGING / Math.max(abreast, FEW_CALLS)) : undefined;
}

/** The record of a call's approval. */
export function approvalRecord(turn: Turn, call: CallState) {
  return approvalOf(turn, call);
}

const NOTABLE = new Set(['approval.requested', 'approval.resolved', 'tool_call.awaiting_result']);

/** What people wait for: it is recorded even where no other activity runs. */
function isNotable(event: TurnEvent): boolean {
  return NOTABLE.has(event.type);
}

/** Whether the turn only waits: none of its calls is about to be dispatched. */
function isParked(turn: Turn): boolean {
  const open = turn.log.openCalls();
  return open.length > 0 && open.every((call) => call.status !== 'requested' && call.status !== 'ready');
}

/** Whether people wait for events that no activity is about to carry. */
export function isParkedUnrecorded(turn: Turn): boolean {
  return !turn.ending && turn.log.uncarried().some(isNotable) && isParked(turn);
}

/** Whether there are events that no activity is about to carry, and none of them is worth one of its own. */
export function isParkedUntold(turn: Turn): boolean {
  const uncarried = turn.ending ? [] : turn.log.uncarried();
  return uncarried.length > 0 && !uncarried.some(isNotable) && isParked(turn);
}

/** Most message ids that are remembered. */
const SEEN_LIMIT = 1_000;

/** Remembers a message id; false when it was taken up before. */
export function takeUp(turn: Turn, messageId: string): boolean {
  const { seen } = turn.memory;
  if (seen.includes(messageId)) return false;
  seen.push(messageId);
  if (seen.length > SEEN_LIMIT) seen.shift();
  return true;
}

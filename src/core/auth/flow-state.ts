import type { FlowErrorCode, FlowType, LearntStep, LoginNeed } from '../../contract/index.ts';
import type { FlowEnd } from './connection-facts.ts';
import type { Question } from './question.ts';

/** What a flow is doing. Readers are shown the newest phase and nothing of those before it. */
export type FlowPhase =
  /** The page is being looked for, or read. */
  | { type: 'discovering' }
  /** Something is typed or chosen. */
  | { type: 'submitting'; ssoProvider: string | null }
  /** A person is asked. */
  | { type: 'asking'; question: Question }
  /** A person must do something elsewhere; the question holds other ways, where there are some. */
  | { type: 'awaiting_external'; question: Question; message: string }
  | { type: 'succeeded'; postLoginUrl: string }
  | EndedPhase;

/** An end without success. */
export interface EndedPhase {
  type: 'ended';
  status: 'FAILED' | 'EXPIRED' | 'CANCELED';
  code: FlowErrorCode | null;
  message: string;
  websiteError?: string;
}

/** What a flow remembers of what was typed, without the values. */
export interface FlowMemory {
  /** The identifier that a person submitted; it may be typed again. */
  identifier?: { secretId: string; ssoProvider?: string };
  /** How often a value of the credential was typed, by key. */
  typed: Record<string, number>;
  totpTries: number;
  /** Labels of choices that were taken automatically. */
  chosen: string[];
  /** Origins on which nothing stored may be typed: it was stored for another host. Absent: none was met. */
  notFor?: string[];
  /** The site counts what remains: nothing is tried automatically any more. */
  countsAttempts: boolean;
  /** How often the site showed the same form again after an act. */
  rejections: number;
  acts: number;
  /** What was asked for so far, in order. */
  needs: LoginNeed[];
  /** What was done so far, in order. */
  steps: LearntStep[];
  /** What was done without asking anybody, as sentences. Absent: nothing. */
  remarks?: string[];
}

export interface FlowIdentity {
  flowId: string;
  type: FlowType;
  /** ISO instant. */
  expiresAt: string;
  hostedUrl: string | null;
}

export interface FlowState {
  identity: FlowIdentity;
  /** Grows with every phase that differs from the one before it, from 1. */
  revision: number;
  phase: FlowPhase;
  memory: FlowMemory;
}

/** A login that has just begun. */
export function initialFlowState({ flowId, type, expiresAt, hostedUrl }: FlowIdentity): FlowState {
  return {
    identity: { flowId, type, expiresAt, hostedUrl },
    revision: 1,
    phase: { type: 'discovering' },
    memory: {
      typed: {},
      totpTries: 0,
      chosen: [],
      countsAttempts: false,
      rejections: 0,
      acts: 0,
      needs: [],
      steps: [],
    },
  };
}

/** Somebody has abandoned the login. */
export const CANCELED: EndedPhase = {
  type: 'ended',
  status: 'CANCELED',
  code: null,
  message: 'The login was canceled.',
};

/** The state in its next phase. An end is final; the same phase again makes no revision. */
export function enterPhase(state: FlowState, phase: FlowPhase): FlowState {
  if (hasEnded(state) || JSON.stringify(phase) === JSON.stringify(state.phase)) return state;
  return { ...state, phase, revision: state.revision + 1 };
}

export function hasEnded({ phase }: FlowState): boolean {
  return phase.type === 'succeeded' || phase.type === 'ended';
}

/** What is asked now. */
export function questionOf({ phase }: FlowState): Question | undefined {
  return phase.type === 'asking' || phase.type === 'awaiting_external' ? phase.question : undefined;
}

/** How a flow has ended; one that has not counts as failed. */
export function endOf({ phase }: FlowState): FlowEnd {
  if (phase.type === 'succeeded') return { status: 'SUCCESS', errorCode: null };
  if (phase.type === 'ended') return { status: phase.status, errorCode: phase.code };
  return { status: 'FAILED', errorCode: 'internal_error' };
}

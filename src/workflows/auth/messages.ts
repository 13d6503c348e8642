import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Answer, FlowView } from '../../contract/index.ts';
import type { FlowLimits } from '../../core/auth/connection-facts.ts';
import type { Message } from '../../core/turn/messages.ts';

/** Somebody asks for a login. */
export interface LoginRequest extends Message {
  flowId: string;
  limits: FlowLimits;
  /** The newest flow, where the sender has seen that it has ended: its workflow may not be closed yet. */
  ended?: string;
  /** Where a person can answer; no code in it. */
  hostedUrl: string | null;
}

/** Somebody answers a question. Values are references to kept secrets. */
export interface Submit extends Message {
  /** Absent: the interaction that is asked now. */
  interactionId?: string;
  answer: Answer;
}

export type CancelFlow = Message;

/** To a connection: begin a login. Refused with `flow_in_progress`. Answers the flow's first view. */
export const loginUpdate = defineUpdate<FlowView, [LoginRequest]>('login');
/** To a connection: check now whether the profile is still logged in. */
export const checkSignal = defineSignal<[Message]>('check');
/** To a connection: its settings or its credential have changed. */
export const configuredSignal = defineSignal<[]>('configured');
/** To a connection: it is deleted; end. */
export const closeSignal = defineSignal<[]>('close');

/** To a flow: an answer. Refused with `stale_interaction`, `no_active_interaction`, `session_expired`, `no_active_flow`, `validation_failed`. */
export const submitUpdate = defineUpdate<FlowView, [Submit]>('submit');
/** The same for senders that want no answer; dropped when refused. */
export const submitSignal = defineSignal<[Submit]>('submit');
/** To a flow: abandon it. Refused with `no_active_flow` once its end is decided. */
export const cancelFlowUpdate = defineUpdate<FlowView, [CancelFlow]>('cancel');
export const cancelFlowSignal = defineSignal<[CancelFlow]>('cancel');

/** The flow's newest view. */
export const flowViewQuery = defineQuery<FlowView>('flowView');

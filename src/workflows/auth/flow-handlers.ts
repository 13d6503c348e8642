import { log, uuid4 } from '@temporalio/workflow';
import { actOf, answerFault } from '../../core/auth/answers.ts';
import { CANCELED, hasEnded, questionOf } from '../../core/auth/flow-state.ts';
import { toFlowView } from '../../core/auth/vendor-view.ts';
import { accept } from '../../core/messages/accept.ts';
import type { Refusal } from '../../core/messages/refusal.ts';
import { handleQuery, handleSignal, handleUpdate } from '../handlers.ts';
import { refused } from '../refused.ts';
import { enter, type Flow } from './flow.ts';
import {
  type CancelFlow,
  cancelFlowSignal,
  cancelFlowUpdate,
  flowViewQuery,
  type Submit,
  submitSignal,
  submitUpdate,
} from './messages.ts';

/** A message without a seal is taken too: an answer's values are stored for one question of one flow, and a cancel only ends it. */
const NAMED = { unboundToo: true };

/** Most message ids that are remembered. */
const REMEMBERED = 200;

/** Registers every message of the flow. Handlers record and return; the main loop acts. */
export function handleFlowMessages(flow: Flow, interrupt: () => void): void {
  const view = () => toFlowView(flow.state);
  handleQuery(flowViewQuery, view);

  const submit = (message: Submit) => {
    if (!accept(flow.taken, message.messageId, REMEMBERED)) return view();
    refuse(submitRefusal(flow, message));
    takeAnswer(flow, message);
    return view();
  };
  handleUpdate(submitUpdate, submit, {
    validator: (message) => {
      if (!flow.taken.includes(message.messageId)) refuse(submitRefusal(flow, message));
    },
    ...NAMED,
  });
  handleSignal(
    submitSignal,
    (message) => {
      const refusal = submitRefusal(flow, message);
      if (refusal) log.warn('signal refused', { code: refusal.code });
      else if (accept(flow.taken, message.messageId ?? uuid4(), REMEMBERED)) takeAnswer(flow, message);
    },
    NAMED,
  );

  const cancel = (_message: CancelFlow) => {
    enter(flow, CANCELED);
    interrupt();
    return view();
  };
  handleUpdate(cancelFlowUpdate, cancel, {
    validator: (_message) => {
      refuse(cancelRefusal(flow));
    },
    ...NAMED,
  });
  handleSignal(
    cancelFlowSignal,
    (message) => {
      if (!cancelRefusal(flow)) cancel(message);
    },
    NAMED,
  );
}

function takeAnswer(flow: Flow, { answer }: Submit): void {
  const question = questionOf(flow.state);
  if (!question) return;
  flow.answered = actOf(question, answer);
  enter(flow, { type: 'submitting', ssoProvider: question.page.ssoProvider ?? null });
}

/** Workflow time decides, never the state alone: after an outage an answer comes before the timer that was due. */
function submitRefusal(flow: Flow, message: Partial<Submit>): Refusal | undefined {
  const { state, deadlineAt, inputDeadlineAt } = flow;
  const { phase } = state;
  const question = questionOf(state);
  const isLate = Date.now() >= Math.min(deadlineAt, question ? (inputDeadlineAt ?? deadlineAt) : deadlineAt);
  if ((phase.type === 'ended' && phase.status === 'EXPIRED') || (!hasEnded(state) && isLate)) {
    return { code: 'session_expired', message: 'The time for this login is over. Begin a new one.' };
  }
  if (hasEnded(state)) {
    return { code: 'no_active_flow', message: 'This login has ended. Begin a new one.' };
  }
  if (phase.type === 'submitting' || (question && isStale(message.interactionId, question.interactionId))) {
    return {
      code: 'stale_interaction',
      message: 'This question was answered or replaced. Read the state again.',
    };
  }
  if (!question) return { code: 'no_active_interaction', message: 'Nothing is asked at the moment.' };
  const fault = message.answer ? answerFault(question, message.answer) : 'There is no answer.';
  return fault === undefined ? undefined : { code: 'validation_failed', message: fault };
}

function isStale(given: string | undefined, current: string): boolean {
  return given !== undefined && given !== current;
}

function cancelRefusal({ state, ending }: Flow): Refusal | undefined {
  if (!hasEnded(state) && !ending) return undefined;
  return { code: 'no_active_flow', message: 'There is no login that could be canceled.' };
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal) throw refused(refusal);
}

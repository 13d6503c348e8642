import type {
  LearntLogin,
  LearntStep,
  LoginNeed,
  LoginProof,
  PageChoice,
  PageField,
} from '../../contract/index.ts';
import { credentialKeyOf } from '../fields/partial-password.ts';
import type { FlowMemory } from './flow-state.ts';
import type { PlannedAct } from './planned-act.ts';
import type { AnswerablePage } from './question.ts';

/** Notes what is about to be done on a page. One that comes back is one step: what was done last is what worked. */
export function learn(memory: FlowMemory, page: AnswerablePage, act: PlannedAct): LearntStep {
  const choice = page.choices.find(({ id }) => id === act.choiceId);
  // To have a code sent is no step of the way: the code itself is.
  if (choice?.effect === 'sends_code') return stepOf(page, act, choice);
  memory.needs.push(...(choice ? [needOfChoice(choice)] : []), ...needsOf(page.fields, act.fill));
  const step = stepOf(page, act, choice);
  const known = memory.steps.findIndex(({ fingerprint }) => fingerprint === step.fingerprint);
  memory.steps.splice(known < 0 ? memory.steps.length : known, 1, step);
  return step;
}

function stepOf(
  { fingerprint, url }: AnswerablePage,
  { fill }: PlannedAct,
  choice: PageChoice | undefined,
): LearntStep {
  const refs = fill.map(({ ref }) => ref);
  return { fingerprint, url, refs, ...(choice && { choice: choice.label }) };
}

/** What a login that succeeded has taught. */
export function learntOf({ needs, steps }: FlowMemory, proof: LoginProof): LearntLogin {
  const distinct = new Map(needs.map((need) => [JSON.stringify(need), need]));
  return { proof, needs: [...distinct.values()], steps };
}

/** What a page's filled fields ask for, as needs of the next login too; a new password is asked for once. */
export function needsOf(fields: PageField[], fill: PlannedAct['fill']): LoginNeed[] {
  return fields.flatMap((field) => {
    const filled = fill.find(({ fieldId }) => fieldId === field.id);
    if (filled === undefined || field.ref === 'new_password') return [];
    // A code that was made from the stored secret is one of an authenticator app, whatever the page says of it.
    return [filled.from.kind === 'totp' ? { kind: 'totp' } : needOf(field)];
  });
}

/** What a field asks for, as a need of the login. */
function needOf(field: Pick<PageField, 'type' | 'ref' | 'mfaType' | 'position'>): LoginNeed {
  if (field.type === 'totp_code' || field.mfaType === 'totp') return { kind: 'totp' };
  if (field.type !== 'code') return { kind: 'value', ref: credentialKeyOf(field) };
  const { mfaType } = field;
  const channel = mfaType === 'sms' || mfaType === 'call' || mfaType === 'email' ? mfaType : 'other';
  return { kind: 'code', channel };
}

/** A choice that was taken, as a need of the login. */
function needOfChoice({ type, label, provider }: PageChoice): LoginNeed {
  return { kind: 'choice', type, label, ...(provider !== undefined && { provider }) };
}

import { NOTICES } from '../../core/auth/notices.ts';
import type { PlannedAct } from '../../core/auth/planned-act.ts';
import type { AnswerablePage } from '../../core/auth/question.ts';
import type { Flow } from './flow.ts';

/*
 * Signing in with a provider leads to another page or window, and back. Where the page that led there is shown again and the
 * login is not over, nothing came of it: the window was closed, stayed empty, or the provider sent the person back.
 */

/** Before an act: notes where a choice leads away from. */
export function noteLeaving(flow: Flow, { fingerprint, choices }: AnswerablePage, act: PlannedAct): void {
  const choice = choices.find(({ id }) => id === act.choiceId);
  if (choice?.type === 'sso_provider') flow.leftBy = { fingerprint, label: choice.label };
}

/** When a page is shown: tells a person that signing in elsewhere was not finished. */
export function noteReturn(flow: Flow, { fingerprint }: AnswerablePage): void {
  const { leftBy } = flow;
  if (leftBy === undefined || leftBy.fingerprint !== fingerprint) return;
  delete flow.leftBy;
  flow.notice = `${NOTICES.not_finished} (“${leftBy.label}”)`;
}

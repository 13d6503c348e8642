import { NOTICES } from '../../core/auth/notices.ts';
import type { ActReport } from '../../core/auth/planned-act.ts';
import type { AnswerablePage } from '../../core/auth/question.ts';

/** What the person should know of an answer that was not sent. */
export function unsentNotice({ reason, missing = [] }: ActReport): string {
  if (reason === 'read_only') return NOTICES.read_only;
  if (reason !== 'answer_missing') return NOTICES.unsent;
  const named = missing.map((name) => `"${name}"`).join(', ');
  return named === '' ? NOTICES.answer_missing : `${NOTICES.answer_missing} Missing: ${named}.`;
}

/** The notice of an act after which the same form is shown, where the site has heard nothing of it. */
export function heldBackNotice(
  { fingerprint }: AnswerablePage,
  { page, sent }: ActReport,
): string | undefined {
  const isSame = page?.kind === 'form' && page.fields.length > 0 && page.fingerprint === fingerprint;
  return sent === false && isSame ? NOTICES.held_back : undefined;
}

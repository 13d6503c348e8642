import type { LoginForm } from './login-form.ts';
import { choicesOf, type FoundChoice } from './page-choices.ts';
import type { ProbedFrame } from './probed-frame.ts';

/** Whether the form cannot be sent until a person has solved a puzzle. */
export function isPuzzled(form: LoginForm): boolean {
  return (
    form.entries.some(({ kind }) => kind === 'captcha') ||
    form.snapshot.captchas.some(({ group }) => group === -1 || group === form.group)
  );
}

/** Whether a choice leads to somebody else's login, where another page is asked. */
export function leadsElsewhere({ choice }: FoundChoice): boolean {
  return choice.type === 'sso_provider';
}

/** What is left of a page whose form has a puzzle; undefined where it has none, or there is nothing beside it. */
export function besidePuzzle(
  frames: readonly ProbedFrame[],
  form: LoginForm | undefined,
): FoundChoice[] | undefined {
  if (form === undefined || !isPuzzled(form)) return undefined;
  const ways = choicesOf(frames, form).filter(leadsElsewhere);
  return ways.length > 0 ? ways : undefined;
}

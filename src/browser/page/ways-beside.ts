import type { PageChoice } from '../../contract/index.ts';
import type { Control } from './frame-snapshot.ts';
import type { LoginForm } from './login-form.ts';
import { methodOf } from './mfa-method.ts';
import { leadsToPassword, sendsAgain, sendsFirstCode } from './way-labels.ts';

/** What is known of a choice by its words. */
export type Way = Pick<PageChoice, 'type' | 'mfaType' | 'effect'>;

/**
 * A way that stands beside the form of a login, or beside what a page waits for: to have a code sent, to have it sent again, to
 * use the password instead. `waits`: the page has no form and waits for something elsewhere.
 */
export function wayBeside(
  { kind, href }: Control,
  label: string,
  { form, waits }: { form: LoginForm | undefined; waits: boolean },
): Way | undefined {
  if (kind !== 'button' && kind !== 'link') return undefined;
  const asks = (entry: string) => form?.entries.some(({ kind: asked }) => asked === entry) === true;
  const isAgain = sendsAgain(label) && (asks('code') || waits);
  // A page of second factors names them: "Text me a code" is one of several there.
  const isFirst =
    sendsFirstCode(label) && asks('code') && (asks('identifier') || methodOf(label) === undefined);
  if (isAgain || isFirst) return leavesPage(kind, href) ? undefined : { type: 'other', effect: 'sends_code' };
  const mayLead = form !== undefined && form.purpose !== 'change_password' && !asks('password');
  const isNamed = asks('identifier') || methodOf(label) === undefined;
  return mayLead && isNamed && leadsToPassword(label)
    ? { type: 'sign_in_method', mfaType: 'password' }
    : undefined;
}

/** A link to a page of help may have the same words. */
function leavesPage(kind: Control['kind'], href: string): boolean {
  return kind === 'link' && (/^(mailto|tel):/.test(href) || /help|support|faq|hilfe|learn/.test(href));
}

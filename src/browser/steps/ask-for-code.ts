import type { LoginContext } from '../context/login-context.ts';
import type { ActResult, PageAct } from '../login-browser.ts';
import { askingForCode, asksForCode } from '../page/first-code.ts';
import { actOnPage } from './act-on-page.ts';

/** Acts once; where the act has the site send a code, the form that asks for it is no refusal of what was typed. */
export async function actOrAskForCode(
  login: LoginContext,
  wanted: PageAct,
  signal: AbortSignal,
): Promise<ActResult> {
  const before = login.lastReading;
  const act = askingForCode(before, wanted);
  const isAsked = asksForCode(before, act);
  const result = await actOnPage(login, act, signal);
  const { outcome, page } = result;
  if (!isAsked || outcome !== 'done' || page?.kind !== 'form') return result;
  const fields = page.fields.map((field) => (field.ref === 'code' ? { ...field, required: true } : field));
  return { outcome, page: { ...page, fields, codeSent: true } };
}

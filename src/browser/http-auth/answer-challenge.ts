import type { ActOutcome } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import type { HttpCredential, PageAct } from '../login-browser.ts';
import { type Challenge, challengeOn, goTo } from './challenge.ts';
import { readingOf } from './challenge-reading.ts';

/**
 * Gives the server what it wants: the browser sends the values to the challenge's origin and nowhere else. They are kept while
 * the context is open where the server takes them, and forgotten where it wants others. Never throws.
 */
export async function answerChallenge(
  login: LoginContext,
  challenge: Challenge,
  act: PageAct,
  signal: AbortSignal,
): Promise<ActOutcome> {
  const credential = credentialIn(challenge, act);
  if (credential === undefined || !mayBeSent(login, challenge, act) || signal.aborted) return 'not_sent';
  login.scrubber.add(`${credential.username}:${credential.password}`);
  const others = login.httpAuth.filter(({ origin }) => origin !== challenge.origin);
  const page = login.pages.current();
  try {
    await login.context.setHTTPCredentials([...others, credential]);
    await goTo(page, challenge.url);
    const isTaken = challengeOn(page)?.origin !== challenge.origin;
    login.httpAuth = isTaken ? [...others, credential] : others;
    if (!isTaken) await login.context.setHTTPCredentials(others.length === 0 ? null : others);
    return 'done';
  } catch {
    // Of Playwright's errors nothing may leave: the values may have been sent.
    return 'unknown';
  }
}

function credentialIn(challenge: Challenge, { fingerprint, fill }: PageAct): HttpCredential | undefined {
  const reading = readingOf(challenge);
  if (fingerprint !== reading.fingerprint) return undefined;
  const [username, password] = reading.fields.map(
    ({ id }) => fill.find(({ fieldId }) => fieldId === id)?.value,
  );
  if (username === undefined || password === undefined) return undefined;
  return { origin: challenge.origin, username, password };
}

function mayBeSent({ policy }: LoginContext, { url }: Challenge, { fill }: PageAct): boolean {
  return policy.isAllowed(url) && fill.every(({ mayBeTypedOn }) => mayBeTypedOn?.(url) ?? true);
}

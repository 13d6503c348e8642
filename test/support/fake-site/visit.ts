import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Account } from './accounts.ts';
import type { AttemptStep, Damage } from './ledger.ts';
import type { Session } from './sessions.ts';
import type { SiteState } from './site-state.ts';

/** One request to one scenario. */
export interface Visit {
  readonly site: SiteState;
  /** The sessions and accounts that count. */
  readonly scenario: string;
  /** The name in the attempt log; differs for the second origin of a scenario. */
  readonly reportedAs: string;
  /** Path prefix, without a slash at its end: `/combined`. */
  readonly base: string;
  readonly method: string;
  /** Path below the prefix, `/` at least. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The submitted form or JSON object. */
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** This browser's session, if it has one. */
  session: Session | undefined;
  /** The cookie has to be sent. */
  cookieChanged: boolean;
}

/** The session, opened if there is none yet. */
export function sessionOf(visit: Visit): Session {
  if (visit.session === undefined) {
    visit.session = visit.site.sessions.open(visit.scenario);
    visit.cookieChanged = true;
  }
  return visit.session;
}

/** Who is logged in. */
export function userOf(visit: Visit): Account | undefined {
  return visit.site.accounts.find(visit.session?.username);
}

/** Whose password was right, while a further step is open. */
export function pendingUser(visit: Visit): Account | undefined {
  return visit.site.accounts.find(visit.session?.pending.get('user'));
}

/** Logs this browser in; the session ends at `endsAt` (Unix milliseconds) if given. */
export function logIn(visit: Visit, username: string, endsAt?: number): void {
  visit.site.sessions.logIn(sessionOf(visit), username, endsAt);
  visit.cookieChanged = true;
}

/** Writes a submitted form into the attempt log, without its values. */
export function noteAttempt(
  visit: Visit,
  attempt: { step: AttemptStep; user: Account | undefined; correct: boolean },
): void {
  const fieldsFilled = Object.keys(visit.fields).filter((name) => visit.fields[name] !== '');
  visit.site.ledger.attempts.push({
    scenario: visit.reportedAs,
    step: attempt.step,
    user: attempt.user?.username ?? null,
    correct: attempt.correct,
    at: visit.site.now(),
    fieldsFilled,
  });
}

/** Writes down what no login should have done. */
export function noteDamage(visit: Visit, kind: Damage['kind']): void {
  visit.site.ledger.damage.push({ scenario: visit.reportedAs, kind, at: visit.site.now() });
}

/** The fields of a submitted form or JSON body; later ones of a name win. */
export async function readFields(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (!request.headers['content-type']?.includes('json')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const value = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)]));
}

/** The value of a cookie. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  return request.headers.cookie
    ?.split(/;\s*/)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

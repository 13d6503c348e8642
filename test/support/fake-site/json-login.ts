import type { Account } from './accounts.ts';
import { jsonReply } from './reply.ts';
import type { Handler } from './scenario.ts';
import { logIn, noteAttempt, type Visit } from './visit.ts';

/** A login that a script posts: 401 with `{error}` when wrong, else 200 with what `accept` returns. */
export function jsonLogin(wrong: string, accept: (visit: Visit, user: Account) => unknown = enter): Handler {
  return (visit) => {
    const { username, password } = visit.fields;
    const user = visit.site.accounts.check(visit.scenario, username, password);
    const meant = user ?? visit.site.accounts.find(username);
    noteAttempt(visit, { step: 'password', user: meant, correct: user !== undefined });
    return user === undefined ? jsonReply({ error: wrong }, 401) : jsonReply(accept(visit, user));
  };
}

function enter(visit: Visit, user: Account): unknown {
  logIn(visit, user.username);
  return { ok: true };
}

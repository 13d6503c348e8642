import { homePage } from '../home.ts';
import { htmlReply, type Reply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { logIn, noteAttempt, type Visit } from '../visit.ts';

/** The browser asks, not the page: HTTP Basic, as web servers and appliances have it. */
export const basic: Scenario = {
  name: 'basic',
  summary: 'HTTP Basic on every address',
  loginPath: '/',
  routes: { 'GET /': guarded, 'GET /login': guarded },
};

function guarded(visit: Visit): Reply {
  const [username, password] = credentialsOf(visit) ?? [];
  if (username === undefined) return challenge();
  const user = visit.site.accounts.check(visit.scenario, username, password);
  const isNew = visit.session?.username !== user?.username;
  if (user === undefined || isNew) {
    const found = user ?? visit.site.accounts.find(username);
    noteAttempt(visit, { step: 'password', user: found, correct: user !== undefined });
  }
  if (user === undefined) return challenge();
  if (isNew) logIn(visit, user.username);
  return htmlReply(homePage(visit, user, { lang: 'en', brand: 'Router 3000', logout: 'none', frame: 'app' }));
}

function credentialsOf({ headers }: Visit): [string, string] | undefined {
  const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(token, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

function challenge(): Reply {
  const headers = {
    'www-authenticate': 'Basic realm="Router 3000", charset="UTF-8"',
    'content-type': 'text/html',
  };
  return { status: 401, headers, body: '<!doctype html><h1>401 Authorization Required</h1>' };
}

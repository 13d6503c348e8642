import { html } from './html.ts';
import { page } from './layout.ts';
import { found, htmlReply, type Reply, seeOther } from './reply.ts';
import type { Handler, Routes } from './scenario.ts';
import { noteDamage, type Visit } from './visit.ts';

/** What every scenario answers unless it says otherwise. */
export const commonRoutes: Routes = {
  'GET /logout': logOut,
  'POST /logout': logOut,
  'GET /search': (visit) => {
    noteDamage(visit, 'search');
    return message(visit, 'Search', 'Nothing was found.');
  },
  'POST /newsletter': (visit) => {
    noteDamage(visit, 'newsletter');
    return message(visit, 'Newsletter', 'Thank you for subscribing.');
  },
};

/** A page that only says something. */
export function message(visit: Visit, title: string, text: string, status = 200): Reply {
  const main = html`<div class="card"><h1>${title}</h1><p>${text}</p></div>`;
  return htmlReply(page(visit, { lang: 'en', title, main, frame: 'app' }), status);
}

/** Not found. */
export const notFound: Handler = (visit) => message(visit, 'Page not found', 'There is nothing here.', 404);

function logOut(visit: Visit): Reply {
  if (visit.session !== undefined) visit.site.sessions.end(visit.session);
  visit.session = undefined;
  visit.cookieChanged = true;
  return visit.method === 'GET' ? found(`${visit.base}/`) : seeOther(`${visit.base}/`);
}

import { html } from './html.ts';
import { page } from './layout.ts';
import { htmlReply } from './reply.ts';
import type { Scenario } from './scenario.ts';

/** The site's front page: public, with a plain link to a login. */
export const publicPage: Scenario = {
  name: 'root',
  summary: 'a public page with a link "Sign in" to /combined/login',
  routes: {
    'GET /': (visit) =>
      htmlReply(
        page(visit, {
          lang: 'en',
          title: 'Home',
          corner: html`<a href="/combined/login">Sign in</a>`,
          wide: true,
          main: html`<h1>Everything for the northern garden</h1><p>Seeds, tools and patience since 1815.</p>
<div class="grid"><section class="card"><strong>Spring bulbs</strong></section>
<section class="card"><strong>Greenhouses</strong></section></div>`,
        }),
      ),
  },
};

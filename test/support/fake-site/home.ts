import type { Account } from './accounts.ts';
import { type Html, html } from './html.ts';
import { type Language, type PageParts, page } from './layout.ts';
import { found, htmlReply } from './reply.ts';
import type { Handler } from './scenario.ts';
import { userOf, type Visit } from './visit.ts';

/** How the page behind the login looks. */
export interface Home extends Pick<PageParts, 'lang' | 'brand' | 'accent' | 'frame'> {
  /** Where signing out hides. */
  logout: 'menu' | 'visible' | 'none';
  main?: (visit: Visit, user: Account) => Html;
}

/** The protected home: a stranger is sent to the login. */
export function homeRoute(home: Home): Handler {
  return (visit) => {
    const user = userOf(visit);
    if (user === undefined) return found(`${visit.base}/login`);
    return htmlReply(homePage(visit, user, home));
  };
}

/** The page of somebody who is logged in. */
export function homePage(visit: Visit, user: Account, home: Home): Html {
  const german = home.lang === 'de';
  return page(visit, {
    frame: 'app',
    ...home,
    title: german ? 'Übersicht' : 'Dashboard',
    wide: true,
    corner: corner(visit, user, home),
    main: home.main?.(visit, user) ?? dashboard(user, home.lang),
  });
}

function corner(visit: Visit, user: Account, { logout, lang }: Home): Html | undefined {
  if (logout === 'none') return undefined;
  const text = lang === 'de' ? 'Abmelden' : 'Sign out';
  if (logout === 'visible') return html`<a href="${visit.base}/logout">${text}</a>`;
  return html`<details class="menu"><summary>${user.name} ▾</summary><div class="items">
<form method="post" action="${visit.base}/logout"><button class="plain">${text}</button></form></div></details>`;
}

function dashboard(user: Account, lang: Language): Html {
  const [greeting, cards] =
    lang === 'de'
      ? ['Willkommen zurück', ['Rechnungen', 'Verträge', 'Nachrichten']]
      : ['Welcome back', ['Orders', 'Projects', 'Messages']];
  return html`<h1>${greeting}, ${user.name}</h1><div class="grid">${cards.map(
    (card, index) =>
      html`<section class="card"><strong>${card}</strong><p class="hint">${index * 3 + 2}</p></section>`,
  )}</div>`;
}

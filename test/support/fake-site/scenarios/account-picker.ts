import { homePage } from '../home.ts';
import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes } from '../password-login.ts';
import { found, htmlReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { logIn, noteAttempt, pendingUser, sessionOf, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Workbench', accent: '#6a1b9a' } as const;
const workspaces: readonly [id: string, name: string, hint: string][] = [
  ['w-analytical', 'Analytical Engines Ltd', '12 members'],
  ['w-personal', 'Personal', 'Only you'],
];

/** Which of two workspaces to continue with is chosen after the password. */
export const accountPicker: Scenario = {
  name: 'account-picker',
  summary: 'after the password one of two workspaces is chosen; they are divs with role=button',
  routes: {
    'GET /': (visit) => {
      const user = userOf(visit);
      if (user === undefined) return found(`${visit.base}/${pendingUser(visit) ? 'workspaces' : 'login'}`);
      const chosen = workspaces.find(([id]) => id === visit.session?.pending.get('workspace'))?.[1];
      const main = (): Html => html`<h1>${chosen}</h1><p>Signed in as ${user.username}</p>`;
      return htmlReply(homePage(visit, user, { ...brand, logout: 'menu', main }));
    },
    ...passwordRoutes({
      page: loginPage,
      wrong: 'We did not recognise that combination.',
      accept: onTo('/workspaces'),
    }),
    'GET /workspaces': (visit) =>
      pendingUser(visit) === undefined ? found(`${visit.base}/`) : htmlReply(workspacesPage(visit)),
    'POST /workspaces': choose,
  },
};

function choose(visit: Visit): Reply {
  const user = pendingUser(visit);
  if (user === undefined) return found(`${visit.base}/login`);
  const workspace = workspaces.find(([id]) => id === visit.fields['workspace']);
  noteAttempt(visit, { step: 'choice', user, correct: workspace !== undefined });
  if (workspace === undefined) return seeOther(`${visit.base}/workspaces`);
  logIn(visit, user.username);
  sessionOf(visit).pending.set('workspace', workspace[0]);
  return seeOther(`${visit.base}/`);
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Log in to Workbench</h1>
<form method="post" action="${visit.base}/login">
<input id="e" name="username" type="email" autocomplete="username" value="${username}"><label for="e">Email</label>
<input id="p" name="password" type="password" autocomplete="current-password"><label for="p">Password</label>
${error !== undefined && html`<p role="alert">${error}</p>`}
<button type="submit"><span>Log in</span></button></form></div>`;
  return page(visit, { ...brand, title: 'Log in', main });
}

function workspacesPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>Choose a workspace</h1>
${workspaces.map(
  ([id, name, hint]) =>
    html`<div class="tile" role="button" tabindex="0" data-id="${id}"><strong>${name}</strong><span class="hint">${hint}</span></div>`,
)}
<form id="pick" method="post" action="${visit.base}/workspaces"><input type="hidden" name="workspace" value=""></form>
<p class="hint"><a href="${visit.base}/logout">Use a different account</a></p></div>
${script(`document.querySelectorAll('.tile').forEach(function (tile) {
  tile.addEventListener('click', function () {
    var form = document.getElementById('pick');
    form.workspace.value = tile.dataset.id;
    form.submit();
  });
});`)}`;
  return page(visit, { ...brand, title: 'Choose a workspace', main, frame: 'app' });
}

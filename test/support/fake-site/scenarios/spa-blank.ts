import { type Html, html, literal, script } from '../html.ts';
import { jsonLogin } from '../json-login.ts';
import { page } from '../layout.ts';
import { htmlReply, jsonReply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { userOf, type Visit } from '../visit.ts';

/** Blank for two seconds, then an application; its login URL answers JSON only. */
export const spaBlank: Scenario = {
  name: 'spa-blank',
  summary:
    'blank for 2 s, then an application; ten hidden password fields once logged in; /login speaks JSON only',
  loginPath: '/',
  routes: {
    'GET /': (visit) => htmlReply(shell(visit)),
    'GET /login': () => jsonReply({ success: 0, errormsg: 'Unauthorized' }, 401),
    'POST /login': jsonLogin('Login failed'),
    'GET /api/me': (visit) => {
      const user = userOf(visit);
      return user === undefined ? jsonReply({ success: 0 }, 401) : jsonReply({ success: 1, name: user.name });
    },
  },
};

function shell(visit: Visit): Html {
  const main = html`<div id="root"></div>${script(application.replaceAll('__BASE__', literal(visit.base)))}`;
  return page(visit, {
    lang: 'en',
    title: 'Elephant Admin',
    brand: 'Elephant',
    accent: '#326690',
    main,
    frame: 'bare',
  });
}

const form = `<div class="card"><h1>Login</h1><form id="form" novalidate>
<input name="email" type="text" placeholder="Email Address / Username *">
<input name="password" type="password" placeholder="Password *">
<button type="submit">Login</button></form><div id="notes"></div></div>`;

const inside = `<div class="card"><h1>Object Explorer</h1><p id="hello"></p><ul><li>Servers (2)</li><li>Databases (7)</li></ul>
<button type="button" class="plain" aria-haspopup="menu" id="user">Account</button><div id="menu" hidden>
<button type="button" class="plain" id="out">Logout</button></div></div>
<div style="display:none">${Array.from({ length: 10 }, (_, n) => `<input type="password" name="pw${n}">`).join('')}</div>`;

const application = `
var base = __BASE__;
var root = document.getElementById('root');
function showForm() {
  root.innerHTML = ${literal(form)};
  var form = document.getElementById('form');
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    fetch(base + '/login', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: form.email.value, password: form.password.value }) })
      .then(function (answer) { return answer.json(); })
      .then(function (body) {
        if (body.ok) location.reload();
        else document.getElementById('notes').innerHTML = '<div><span>' + body.error + '</span></div>';
      });
  });
}
function showInside(me) {
  root.innerHTML = ${literal(inside)};
  document.getElementById('hello').textContent = 'Connected as ' + me.name;
  document.getElementById('user').addEventListener('click', function () {
    document.getElementById('menu').hidden = !document.getElementById('menu').hidden;
  });
  document.getElementById('out').addEventListener('click', function () {
    fetch(base + '/logout', { method: 'POST' }).then(function () { location.reload(); });
  });
}
setTimeout(function () {
  fetch(base + '/api/me').then(function (answer) {
    if (answer.status !== 200) return showForm();
    return answer.json().then(showInside);
  });
}, 2000);`;

import { type Html, html, literal, script } from '../html.ts';
import { jsonLogin } from '../json-login.ts';
import { page } from '../layout.ts';
import { htmlReply, jsonReply } from '../reply.ts';
import type { Handler, Scenario } from '../scenario.ts';
import type { Session } from '../sessions.ts';
import type { Visit } from '../visit.ts';

const inSessionStorage = `
function readToken() { return Promise.resolve(sessionStorage.getItem('token')); }
function keepToken(token) { sessionStorage.setItem('token', token); return Promise.resolve(); }
function dropToken() { sessionStorage.removeItem('token'); return Promise.resolve(); }`;

const inIndexedDb = `
function store(mode, act) {
  return new Promise(function (resolve, reject) {
    var opening = indexedDB.open('auth', 1);
    opening.onupgradeneeded = function () { opening.result.createObjectStore('tokens'); };
    opening.onerror = function () { reject(opening.error); };
    opening.onsuccess = function () {
      var change = opening.result.transaction('tokens', mode);
      var request = act(change.objectStore('tokens'));
      change.oncomplete = function () { opening.result.close(); resolve(request.result); };
    };
  });
}
function readToken() { return store('readonly', function (tokens) { return tokens.get('token'); }); }
function keepToken(token) { return store('readwrite', function (tokens) { return tokens.put(token, 'token'); }); }
function dropToken() { return store('readwrite', function (tokens) { return tokens.delete('token'); }); }`;

/** A single-page application whose token is in session storage; there is no cookie. */
export const sessionStorageSpa = tokenSpa('session-storage', 'session storage', inSessionStorage);

/** A single-page application whose token is in IndexedDB; there is no cookie. */
export const indexedDbSpa = tokenSpa('indexeddb', 'IndexedDB', inIndexedDb);

function tokenSpa(name: string, place: string, storage: string): Scenario {
  const shell: Handler = (visit) => htmlReply(spaPage(visit, storage));
  return {
    name,
    summary: `a single-page application that keeps its token in ${place}, without any cookie`,
    routes: {
      'GET /': shell,
      'GET /login': shell,
      'GET /api/me': (visit) => {
        const username = tokenSession(visit)?.username;
        const user = visit.site.accounts.find(username);
        return user === undefined
          ? jsonReply({ error: 'unauthorized' }, 401)
          : jsonReply({ name: user.name });
      },
      'POST /api/login': jsonLogin('Wrong e-mail or password.', (visit, user) => {
        const session = visit.site.sessions.open(visit.scenario);
        visit.site.sessions.logIn(session, user.username);
        return { token: session.id };
      }),
      'POST /api/logout': (visit) => {
        const session = tokenSession(visit);
        if (session !== undefined) visit.site.sessions.end(session);
        return jsonReply({ ok: true });
      },
    },
  };
}

function tokenSession(visit: Visit): Session | undefined {
  const token = visit.headers.authorization?.replace(/^Bearer /, '');
  return visit.site.sessions.find(visit.scenario, token);
}

function spaPage(visit: Visit, storage: string): Html {
  const main = html`<div id="root"><div class="spinner"></div></div>${script(storage)}${script(
    application.replaceAll('__BASE__', literal(visit.base)),
  )}`;
  return page(visit, {
    lang: 'en',
    title: 'Driftwood',
    brand: 'Driftwood',
    accent: '#00838f',
    main,
    frame: 'bare',
  });
}

const form = `<div class="card"><h1>Sign in to Driftwood</h1><form id="form">
<label for="mail">E-mail</label><input id="mail" type="email">
<label for="secret">Password</label><input id="secret" type="password">
<p class="message" aria-live="polite"></p><button type="submit" disabled>Sign in</button></form></div>`;

const inside = `<div class="card"><h1>Your files</h1><p id="hello"></p>
<details class="menu"><summary>Account</summary><div class="items"><button class="plain" id="out">Sign out</button></div></details></div>`;

const application = `
var base = __BASE__;
var root = document.getElementById('root');
function show(markup) { root.innerHTML = markup; }
function post(path, body, token) {
  return fetch(base + path, { method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: 'Bearer ' + (token || '') } });
}
function showForm() {
  show(${literal(form)});
  history.replaceState(null, '', base + '/login');
  var form = document.getElementById('form');
  var mail = document.getElementById('mail');
  var secret = document.getElementById('secret');
  var button = form.querySelector('button');
  form.addEventListener('input', function () { button.disabled = !mail.value || !secret.value; });
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    button.disabled = true;
    post('/api/login', { username: mail.value, password: secret.value })
      .then(function (answer) { return answer.json(); })
      .then(function (body) {
        if (body.token) return keepToken(body.token).then(start);
        form.querySelector('.message').textContent = body.error;
        button.disabled = false;
      });
  });
}
function showInside(me, token) {
  show(${literal(inside)});
  history.replaceState(null, '', base + '/');
  document.getElementById('hello').textContent = 'Signed in as ' + me.name;
  document.getElementById('out').addEventListener('click', function () {
    post('/api/logout', {}, token).then(dropToken).then(start);
  });
}
function start() {
  return readToken().then(function (token) {
    if (!token) return showForm();
    return fetch(base + '/api/me', { headers: { authorization: 'Bearer ' + token } }).then(function (answer) {
      if (answer.status === 200) return answer.json().then(function (me) { showInside(me, token); });
      return dropToken().then(showForm);
    });
  });
}
setTimeout(start, 300);`;

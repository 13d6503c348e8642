import { homeRoute } from '../home.ts';
import { type Html, html, literal, script } from '../html.ts';
import { jsonLogin } from '../json-login.ts';
import { page } from '../layout.ts';
import { htmlReply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Component Cloud', accent: '#c2185b' } as const;

/** The form is in the open shadow root of an element that is defined late. */
export const shadowDom: Scenario = {
  name: 'shadow-dom',
  summary: 'the form is in the shadow root of a custom element that is defined after 500 ms',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    'GET /login': (visit) =>
      userOf(visit) === undefined ? htmlReply(loginPage(visit)) : seeOther(`${visit.base}/`),
    'POST /login': jsonLogin('Incorrect credentials'),
  },
};

function loginPage(visit: Visit): Html {
  const form = html`<style>
label{display:block;margin-top:1rem;font-weight:600}input{width:100%;box-sizing:border-box;padding:.6rem;margin-top:.25rem;
border:1px solid #b8c0cc;border-radius:8px;font:inherit}button{width:100%;margin-top:1.25rem;padding:.65rem;border:0;
border-radius:8px;background:#c2185b;color:#fff;font:inherit;font-weight:600}button:disabled{opacity:.45}
#error:not(:empty){margin-top:1rem;padding:.6rem;border-radius:8px;background:#fdecea;color:#8c1d18}
</style><div id="error" role="alert"></div><form novalidate>
<label>Email<input name="username" type="email" aria-label="Email"></label>
<label>Password<input name="password" type="password" aria-label="Password"></label>
<button type="submit" disabled>Sign in</button></form>`;
  const main = html`<div class="card"><h1>Component Cloud</h1><acme-login action="${visit.base}/login"></acme-login></div>
${script(`setTimeout(function () {
  customElements.define('acme-login', class extends HTMLElement {
    connectedCallback() {
      var root = this.attachShadow({ mode: 'open' });
      root.innerHTML = ${literal(form.markup)};
      var form = root.querySelector('form');
      var button = root.querySelector('button');
      var action = this.getAttribute('action');
      form.addEventListener('input', function () {
        button.disabled = !form.username.value.includes('@') || form.password.value.length < 4;
      });
      form.addEventListener('submit', function (event) {
        event.preventDefault();
        root.getElementById('error').textContent = '';
        fetch(action, { method: 'POST', headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: form.username.value, password: form.password.value }) })
          .then(function (answer) { return answer.json(); })
          .then(function (body) {
            if (body.ok) location.assign('./');
            else root.getElementById('error').textContent = body.error;
          });
      });
    }
  });
}, 500);`)}`;
  return page(visit, { ...brand, title: 'Sign in', main });
}

import type { Account } from '../accounts.ts';
import { codeRoutes, isSentCode, maskedPhone, sendCode } from '../code-step.ts';
import { homeRoute } from '../home.ts';
import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes } from '../password-login.ts';
import type { Reply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import type { Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Pocket Pay', accent: '#00695c' } as const;

/** Six boxes of one digit each, without any button. */
export const sixBox: Scenario = {
  name: 'six-box',
  summary: 'the code goes into six one-digit boxes that move on and submit by themselves',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({ page: loginPage, wrong: 'Sorry, that is not right.', accept: send }),
    ...codeRoutes({
      path: '/code',
      field: 'code',
      page: codePage,
      isRight: isSentCode,
      wrong: 'Incorrect code',
    }),
  },
};

function send(visit: Visit, user: Account): Reply {
  const reply = onTo('/code')(visit, user);
  sendCode(visit, 'sms', user.phones[0]);
  return reply;
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Pocket Pay</h1>
<form method="post" action="${visit.base}/login">
<label for="user">Username</label><input id="user" name="username" value="${username}" autocapitalize="none">
<label for="pass">Passcode</label><input id="pass" name="password" type="password">
${error !== undefined && html`<p role="alert">${error}</p>`}
<button>Log in</button></form></div>`;
  return page(visit, { ...brand, title: 'Log in', main, frame: 'app' });
}

function codePage(visit: Visit, user: Account, error?: string): Html {
  const boxes = [1, 2, 3, 4, 5, 6].map(
    (digit) =>
      html`<input type="text" inputmode="numeric" maxlength="1" aria-label="Digit ${digit}"${
        digit === 1 && { markup: ' autocomplete="one-time-code"' }
      }>`,
  );
  const main = html`<div class="card"><h1>Check your messages</h1>
<p>Enter the 6-digit code we sent to ${maskedPhone(user.phones[0])}</p>
${error !== undefined && html`<p role="alert">${error}</p>`}
<form id="f" method="post" action="${visit.base}/code"><input type="hidden" name="code">
<div class="boxes">${boxes}</div></form></div>
${script(`var form = document.getElementById('f');
var boxes = Array.from(document.querySelectorAll('.boxes input'));
function take(index, text) {
  Array.from(text.replace(/\\D/g, '')).slice(0, 6 - index).forEach(function (digit, n) { boxes[index + n].value = digit; });
  var next = boxes.find(function (box) { return !box.value; });
  if (next) { next.focus(); return; }
  form.code.value = boxes.map(function (box) { return box.value; }).join('');
  form.submit();
}
boxes.forEach(function (box, index) {
  box.addEventListener('input', function () { take(index, box.value); });
  box.addEventListener('paste', function (event) {
    event.preventDefault();
    take(index, event.clipboardData.getData('text'));
  });
  box.addEventListener('keydown', function (event) {
    if (event.key === 'Backspace' && !box.value && index > 0) boxes[index - 1].focus();
  });
});`)}`;
  return page(visit, { ...brand, title: 'Check your messages', main, frame: 'app' });
}

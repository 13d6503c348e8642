import { type Html, html, script } from './html.ts';

/** Content that a script brings in after a while; a spinner stands there until then. */
export function late(delayMs: number, content: Html): Html {
  return html`<div id="app" aria-busy="true"><div class="spinner"></div></div>
<template id="late">${content}</template>
${script(`setTimeout(function () {
  var app = document.getElementById('app');
  app.removeAttribute('aria-busy');
  app.replaceChildren(document.getElementById('late').content.cloneNode(true));
}, ${delayMs});`)}`;
}

/** Keeps a form's submit button disabled until every required field was typed into (by `input` events). */
export function disabledUntilFilled(formId: string): Html {
  return script(`document.addEventListener('input', function (event) {
  var form = event.target.form;
  if (!form || form.id !== '${formId}') return;
  var needed = Array.from(form.querySelectorAll('input[required]'));
  form.querySelector('button[type=submit]').disabled = needed.some(function (field) { return !field.value.trim(); });
});`);
}

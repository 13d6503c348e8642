import { readCaptchas } from './captcha.js';
import { controlOf, kindOf } from './controls.js';
import { createGroups } from './groups.js';
import { textOf, tidy } from './naming.js';
import { readTexts } from './texts.js';
import { elementsBelow } from './tree.js';
import { isReadable, isShown } from './visibility.js';

const CONTROLS_AT_MOST = 400;
const HEADINGS_AT_MOST = 100;

/** Everything about this frame that the reading is made of; see frame-snapshot.ts. */
export function takeSnapshot() {
  const elements = elementsBelow(document);
  const groups = createGroups();
  const controls = [];
  for (const element of elements) {
    const kind = controls.length < CONTROLS_AT_MOST ? kindOf(element) : undefined;
    if (kind) controls.push(controlOf(element, kind, groups));
  }
  const captchas = readCaptchas(elements, groups);
  const texts = readTexts(elements);
  return {
    url: location.href,
    title: tidy(document.title),
    ready: document.readyState,
    status: performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0,
    controls,
    groups: groups.facts(),
    texts,
    headings: elements
      .filter((element) => element.matches('h1, h2, [role=heading]') && isReadable(element))
      .slice(0, HEADINGS_AT_MOST)
      .map((element) => textOf(element)),
    captchas,
    busy: isBusy(elements),
    blank: !document.body || (textOf(document.body) === '' && !controls.some(({ shown }) => shown)),
  };
}

function isBusy(elements) {
  const signs =
    '[aria-busy=true], [role=progressbar], [class*=spinner i], [class*=skeleton i], [class*=loader i]';
  return elements.some((element) => element.matches(signs) && isShown(element));
}

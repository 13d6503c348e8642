import { readCaptchas } from './captcha.js';
import { controlOf, kindOf } from './controls.js';
import { createGroups } from './groups.js';
import { readLayers } from './layers.js';
import { textOf, tidy } from './naming.js';
import { readTexts } from './texts.js';
import { elementsBelow } from './tree.js';
import { isReadable, isShown } from './visibility.js';

/** Links are cut where they are many. Inputs and buttons are not: the form may stand behind the menus of a shop. */
const AT_MOST = { link: 300, gone: 100, other: 1_500 };
const HEADINGS_AT_MOST = 100;
const HEADINGS = 'h1, h2, h3, h4, legend, [role=heading]';

/** Everything about this frame that the reading is made of; see frame-snapshot.ts. */
export function takeSnapshot() {
  const elements = elementsBelow(document);
  const groups = createGroups();
  const controls = readControls(elements, groups);
  const captchas = readCaptchas(elements, groups);
  const texts = readTexts(elements);
  const layers = readLayers(elements, groups);
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
    layers,
    busy: isBusy(elements),
    blank: !document.body || (textOf(document.body) === '' && !controls.some(({ shown }) => shown)),
  };
}

/** In the order of the tree. What nobody sees does not count: hidden links and buttons are left out, hidden inputs are few. */
function readControls(elements, groups) {
  const left = { ...AT_MOST };
  const controls = [];
  let heading = null;
  for (const element of elements) {
    if (element.matches(HEADINGS) && isReadable(element)) heading = element;
    const kind = kindOf(element);
    const share = kind && shareOf(element, kind);
    if (!share || left[share] <= 0) continue;
    left[share] -= 1;
    const own = heading !== null && groups.rootOf(element).contains(heading);
    controls.push({
      ...controlOf(element, kind, groups),
      heading: { text: heading ? textOf(heading) : '', own },
    });
  }
  return controls;
}

/** What a control counts as; undefined where it is left out. Entries of menus are links, whatever element they are. */
function shareOf(element, kind) {
  const isPressed = kind === 'link' || kind === 'button';
  const shown = isShown(kind === 'radio' ? (element.labels?.[0] ?? element) : element);
  if (!shown) return isPressed ? undefined : 'gone';
  return isPressed && !element.matches('button, input, [role=button]') ? 'link' : 'other';
}

function isBusy(elements) {
  const signs =
    '[aria-busy=true], [role=progressbar], [class*=spinner i], [class*=skeleton i], [class*=loader i]';
  return elements.some((element) => element.matches(signs) && isShown(element));
}

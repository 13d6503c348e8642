/**
 * Makes an element. Attributes that are `undefined`, `null` or `false` are left out; functions are listeners; texts are
 * always texts and never markup.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/** A heading that can be focused, so that a reader hears where it is. */
export function heading(text) {
  return element('h1', { tabindex: '-1' }, text);
}

/** A name that may be written in another direction than the words around it. */
export function name(text) {
  return element('bdi', {}, text);
}

/** Words of the site, marked as such: nothing in them is ours. */
export function siteWords(words, domain, said) {
  return element(
    'div',
    { class: 'site-words', role: 'alert' },
    element('p', { class: 'who' }, words.parts('says', { site: name(domain) })),
    element('blockquote', { dir: 'auto' }, said),
  );
}

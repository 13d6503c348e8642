import { absolute, textOf, tidy } from './naming.js';
import { closestOf } from './tree.js';

/** Numbers the forms of a page; what is in none is grouped by its tree. */
export function createGroups() {
  const roots = new Map();
  const of = (element) =>
    element.form ??
    closestOf(element, 'form, [role=form]') ??
    closestOf(element, 'dialog[open], [role=dialog], [aria-modal=true]') ??
    document;
  return {
    rootOf: of,
    numberOf(element) {
      const root = of(element);
      if (!roots.has(root)) roots.set(root, roots.size);
      return roots.get(root);
    },
    /** Facts of each group, by number. */
    facts: () => [...roots.keys()].map(factsOf),
  };
}

function factsOf(root) {
  const isForm = root instanceof Element && root.localName === 'form';
  const named = root instanceof Element ? root : null;
  return {
    form: isForm,
    method: isForm ? (root.getAttribute('method') ?? 'get').toLowerCase() : '',
    action: isForm && root.getAttribute('action') ? absolute(root.getAttribute('action')) : '',
    name: tidy(
      [
        named?.id,
        named?.getAttribute('name'),
        named?.getAttribute('class'),
        named?.getAttribute('aria-label'),
      ].join(' '),
    ),
    text: named ? textOf(named, 600) : '',
    heading: headingOf(named),
  };
}

function headingOf(element) {
  const headings = 'h1, h2, h3, legend, [role=heading]';
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    const heading = at.querySelector(headings);
    if (heading) return textOf(heading);
  }
  return '';
}

import { element } from './dom.js';

/** Buttons for all choices, in groups of their kinds. `withLabels`: each group says what it is. */
export function choiceGroups(words, choices, { withLabels, choose }) {
  const groups = Map.groupBy(choices, ({ type }) => words.groupLabel(type));
  return [...groups].map(([label, members], index) => {
    const id = `group-${index}`;
    return element(
      'div',
      { class: 'choices', role: 'group', 'aria-labelledby': withLabels ? id : undefined },
      withLabels && element('p', { class: 'divider', id }, element('span', {}, label)),
      members.toSorted(switchLast).map((choice) => choiceButton(choice, choose)),
    );
  });
}

/** "Use another way" stands behind the ways. */
function switchLast(a, b) {
  return Number(a.mfa_type === 'switch') - Number(b.mfa_type === 'switch');
}

function choiceButton(choice, choose) {
  const { label } = choice;
  const more = [choice.masked_destination, choice.description, choice.context].filter(
    (text, index, all) => text && !label.includes(text) && all.indexOf(text) === index,
  );
  return element(
    'button',
    { type: 'button', class: 'choice', click: () => choose(choice.id) },
    element('span', { class: 'choice-label', dir: 'auto' }, label),
    more.length > 0 && element('span', { class: 'choice-more', dir: 'auto' }, more.join(' · ')),
  );
}

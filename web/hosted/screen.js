import { element, heading, name, siteWords } from './dom.js';
import { questionScreen } from './question.js';

const NONE = new Map();

/** How long a success is shown before the page is left, in milliseconds. */
const SEEN_MS = 1_200;

/** What there is to see of a state: an end, a question, or that something goes on. */
export function sceneOf({ state, end, sending }) {
  if (end !== undefined) return { kind: 'end', end };
  if (state === undefined) return { kind: 'busy', saying: 'opening' };
  if (state.flow_status !== null && state.flow_status !== 'IN_PROGRESS')
    return { kind: 'end', end: state.flow_status };
  if (sending !== undefined && sending === state.interaction_id) return { kind: 'busy', saying: 'signingIn' };
  const { fields, choices, external_action_message: message } = state;
  if (state.flow_step === 'AWAITING_INPUT' && fields.length + choices.length > 0) return { kind: 'question' };
  if (state.flow_step === 'AWAITING_EXTERNAL_ACTION') return { kind: 'question', message };
  return { kind: 'busy', saying: state.flow_step === 'SUBMITTING' ? 'signingIn' : 'looking' };
}

/**
 * Draws scenes. The same scene again changes nothing, so that nobody is disturbed while typing.
 * `answer` takes what a person answers, `picture` fetches one, `back` is where the person goes in the end.
 */
export function createScreen({ answer, words, picture, back }) {
  const part = (id) => document.getElementById(id);
  let drawn = '';
  let question;
  let values = () => NONE;
  let showPicture;

  return {
    draw(local) {
      const { state } = local;
      const scene = sceneOf(local);
      drawSite(part, words, state, scene.kind === 'end');
      const key = keyOf(scene, local);
      if (key === drawn) return showPicture?.(state);
      drawn = key;
      const isSame = scene.kind === 'question' && question === state.interaction_id;
      question = scene.kind === 'question' ? state.interaction_id : undefined;
      const shown = { answer, words, picture, back, values: isSame ? values() : NONE };
      const drawing = drawingOf(scene, local, shown);
      values = drawing.values ?? (() => NONE);
      showPicture = drawing.showPicture;
      part('busy').replaceChildren(...(drawing.busy ?? []));
      replace(part('screen'), drawing, isSame);
    },
    /** Says that there is no connection, or takes it back. */
    trouble(isThere) {
      part('trouble').textContent = isThere ? words.text('trouble') : '';
    },
  };
}

/** Puts new content in place and the focus where a person goes on; within the same question it stays where it was. */
function replace(screen, { nodes = [], focus }, isSame) {
  const focused = isSame ? document.activeElement?.getAttribute('name') : null;
  screen.replaceChildren(...nodes.flat().filter(Boolean));
  const kept = focused ? screen.querySelector(`[name="${CSS.escape(focused)}"]`) : null;
  const target = kept ?? focus ?? screen.querySelector('h1');
  target?.focus({ preventScroll: target !== kept && target === screen.querySelector('h1') });
}

function drawingOf(scene, { state, notice }, { answer, words, picture, back, values }) {
  if (scene.kind === 'question') return questionScreen(state, { words, notice, answer, values, picture });
  return scene.kind === 'busy'
    ? { busy: busy(words, scene.saying, state) }
    : { nodes: ending(words, scene.end, { state, back: back() }) };
}

/** What a scene shows, as one text: equal texts look the same. */
function keyOf(scene, { state, notice }) {
  if (scene.kind === 'busy') return JSON.stringify(scene);
  if (scene.kind === 'end') return JSON.stringify([scene, state?.error_code, state?.website_error]);
  const { interaction_id, flow_step, fields, choices, website_error, external_action_message, sso_provider } =
    state;
  const shown = [flow_step, fields, choices, website_error, external_action_message, sso_provider];
  return JSON.stringify([notice, interaction_id, state.notice, ...shown]);
}

function drawSite(part, words, state, isEnd) {
  part('site').hidden = state === undefined;
  part('about').hidden = state === undefined || isEnd;
  if (state === undefined) return;
  document.title = words.say('titleOf', { site: state.domain });
  part('site-name').replaceChildren(...words.parts('titleOf', { site: name(state.domain) }));
  part('site-mark').textContent = state.domain.slice(0, 1).toUpperCase();
  part('about').textContent = words.about(state);
}

function busy(words, saying, state) {
  const said = words.parts(saying, { site: state && name(state.domain) });
  return [element('span', { class: 'spinner' }), element('p', {}, said)];
}

function ending(words, end, { state, back }) {
  const { tone, title, what, todo } = words.endWords(end, state);
  const said = end === 'FAILED' || end === 'EXPIRED' ? state?.website_error : undefined;
  const isDone = end === 'SUCCESS';
  if (back && isDone) leave(back);
  return [
    element('span', { class: `mark ${tone}`, 'aria-hidden': 'true' }),
    heading(title),
    element('p', {}, what),
    said && siteWords(words, state.domain, said),
    element('p', {}, back && isDone ? words.parts('returning', { place: name(back.host) }) : todo),
    back &&
      element(
        'a',
        { class: isDone ? 'button primary' : 'button', href: back.href },
        words.parts(isDone ? 'return' : 'back', { place: name(back.host) }),
      ),
  ];
}

/** Goes where the login was begun, once the end was to be seen; the way back does not lead to this page again. */
function leave(address) {
  setTimeout(() => location.replace(address), SEEN_MS);
}

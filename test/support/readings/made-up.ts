import type { Control, ControlGroup, FrameSnapshot } from '../../../src/browser/page/frame-snapshot.ts';

const CONTROL: Omit<Control, 'path' | 'xpath' | 'options'> = {
  kind: 'input',
  tag: 'input',
  type: 'text',
  name: '',
  id: '',
  autocomplete: '',
  inputMode: '',
  maxLength: 0,
  placeholder: '',
  label: '',
  hint: '',
  href: '',
  invalid: false,
  required: false,
  disabled: false,
  readOnly: false,
  empty: true,
  shown: true,
  submits: false,
  search: false,
  dialog: false,
  region: '',
  group: 0,
  row: '',
  top: 0,
  left: 0,
  width: 200,
  height: 20,
  heading: { text: '', own: false },
};

/** A control with what a test says of it. */
export function control(facts: Partial<Control>): Control {
  return { ...CONTROL, options: [], path: ['#x'], xpath: '/html[1]/body[1]/input[1]', ...facts };
}

/** A button that sends a form. */
export function submitButton(label: string, facts: Partial<Control> = {}): Control {
  return control({ kind: 'button', tag: 'button', type: 'submit', submits: true, label, ...facts });
}

/** A link with a label. */
export function link(label: string, facts: Partial<Control> = {}): Control {
  return control({ kind: 'link', tag: 'a', type: '', label, href: 'http://site/there', ...facts });
}

/** A page with one form, of which the controls are in the order of the page, 30 px apart. */
export function snapshotOf(
  controls: readonly Control[],
  { form = {}, ...facts }: Partial<FrameSnapshot> & { form?: Partial<ControlGroup> } = {},
): FrameSnapshot {
  return {
    url: 'http://site/',
    title: '',
    ready: 'complete',
    status: 200,
    groups: [{ form: true, method: 'post', action: '', name: '', text: '', heading: '', ...form }],
    texts: [],
    headings: [],
    captchas: [],
    busy: false,
    blank: false,
    ...facts,
    controls: controls.map((each, place) => ({ ...each, top: place * 30, path: [`#c${place}`] })),
  };
}

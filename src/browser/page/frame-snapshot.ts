/*
 * What the probe (probe/snapshot.js) tells of one frame: plain facts, nothing decided, and of no field its value. All
 * the rules that make a reading of it stand in this folder's modules, in Node.
 */

/** An input, button, link or select. */
export interface Control {
  /** `editable`: a text area or an element that can be typed into, never a login field. */
  kind: 'input' | 'editable' | 'radio' | 'checkbox' | 'select' | 'button' | 'link';
  tag: string;
  /** The attribute, in lower case; empty where there is none. */
  type: string;
  name: string;
  id: string;
  autocomplete: string;
  inputMode: string;
  /** 0 where there is none. */
  maxLength: number;
  placeholder: string;
  /** Accessible name, or the text beside it. */
  label: string;
  /** Text that describes it (`aria-describedby`). */
  hint: string;
  /** Where a link leads, or the form of a submit button. */
  href: string;
  invalid: boolean;
  required: boolean;
  disabled: boolean;
  readOnly: boolean;
  /** Nothing is written, chosen or ticked. */
  empty: boolean;
  shown: boolean;
  submits: boolean;
  search: boolean;
  dialog: boolean;
  /** Landmark around it: `header`, `nav`, `footer`, `aside`, `main` or the role of that meaning. */
  region: string;
  /** Index of its group in {@link FrameSnapshot.groups}. */
  group: number;
  /** What the browser itself says against the value, once it has told the person; absent in older recordings. */
  validation?: string;
  /** Of a select; of a radio button the one that it is. `empty`: none that can be chosen. */
  options: { label: string; empty: boolean; value?: string }[];
  /** Text of the list item around a button. */
  row: string;
  /** Place on the page in CSS pixels. */
  top: number;
  left: number;
  width: number;
  height: number;
  /** The last heading before it; `own`: one within the same group. */
  heading: { text: string; own: boolean };
  /** CSS selectors, one for each tree from the document inwards through shadow roots. */
  path: string[];
  xpath: string;
  /** Tells the frame's document from the next one; absent in recordings. */
  document?: number;
}

/** A form, a dialog, or all that is in neither. */
export interface ControlGroup {
  form: boolean;
  method: string;
  action: string;
  /** Id, name, class and accessible name of the form. */
  name: string;
  text: string;
  heading: string;
}

/** A block of visible text and what marks it as a complaint. */
export interface TextBlock {
  text: string;
  live: 'alert' | 'status' | '';
  /** Describes a field that is marked invalid. */
  invalid: boolean;
  /** Its class or id speaks of an error. */
  named: boolean;
  red: boolean;
  near: boolean;
  heading: boolean;
}

/** What stands before the page of a frame. */
export interface PageLayer {
  /**
   * `modal`: a dialog in the top layer; `inert`: the rest of the page is set aside; `cover`: it lies over a field or a
   * submit button; `beside`: a dialog that is in nobody's way.
   */
  kind: 'modal' | 'inert' | 'cover' | 'beside';
  text: string;
  /** Its buttons and links. */
  controls: Control[];
  /** How many shown inputs that are typed or chosen in stand in it. */
  typed: number;
  /** How many switches and checkboxes in it are on and could be turned off. */
  ticked: number;
  /** How many shown frames stand in it. */
  frames: number;
  /** It stands in a form that has a password. */
  login: boolean;
}

/** One frame as the probe saw it. */
export interface FrameSnapshot {
  url: string;
  title: string;
  ready: 'loading' | 'interactive' | 'complete';
  /** HTTP status of the frame's document; 0 where unknown. */
  status: number;
  controls: Control[];
  groups: ControlGroup[];
  texts: TextBlock[];
  headings: string[];
  /** Unsolved puzzles: the group they stand in, -1 outside of forms. */
  captchas: { group: number }[];
  /** What stands before the page; absent in snapshots of older versions. */
  layers?: PageLayer[];
  busy: boolean;
  blank: boolean;
}

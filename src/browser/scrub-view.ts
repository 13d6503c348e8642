import type { PageChoice, PageField, PageView } from '../contract/index.ts';
import { REMOVED, type Scrubber } from './scrubber.ts';

/** Longest label, placeholder or description that leaves the browser, in characters. */
export const LABEL_LENGTH = 200;
/** Longest message of a site. */
export const MESSAGE_LENGTH = 500;
/** Longest selector: one that is cut is of no use. */
const SELECTOR_LENGTH = 2_000;

/** A view as it may leave the browser: every text without what was typed, without control characters, and short. */
export function scrubView(view: PageView, scrubber: Scrubber): PageView {
  const shown = scrubShown(view, scrubber);
  if (view.consent === undefined) return shown;
  const consent = view.consent.map((note) => ({ ...note, label: clean(note.label, LABEL_LENGTH, scrubber) }));
  return { ...shown, consent };
}

function scrubShown(view: PageView, scrubber: Scrubber): PageView {
  const label = (text: string) => clean(text, LABEL_LENGTH, scrubber);
  const message = (text: string) => clean(text, MESSAGE_LENGTH, scrubber);
  const url = scrubber.scrub(view.url);
  switch (view.kind) {
    case 'form':
      return {
        ...view,
        ...withText('websiteError', view.websiteError, message),
        ...withText('ssoProvider', view.ssoProvider, label),
        fields: view.fields.map((field) => scrubField(field, label, scrubber)),
        choices: view.choices.map((choice) => scrubChoice(choice, label, scrubber)),
        url,
      };
    case 'external':
      return {
        ...view,
        message: message(view.message),
        ...withText('ssoProvider', view.ssoProvider, label),
        fields: view.fields.map((field) => scrubField(field, label, scrubber)),
        choices: view.choices.map((choice) => scrubChoice(choice, label, scrubber)),
        url,
      };
    case 'blocked':
      return { ...view, ...withText('websiteError', view.websiteError, message), url };
    case 'logged_in':
      return { ...view, url };
  }
}

function scrubField(field: PageField, label: (text: string) => string, scrubber: Scrubber): PageField {
  return {
    ...field,
    label: label(field.label),
    ...withText('placeholder', field.placeholder, label),
    // Names and selectors are attributes of the site's, and a site may repeat what was typed in any of them.
    name: label(field.name),
    ref: label(field.ref),
    selector: cleanSelector(field.selector, scrubber),
    ...withText('inputMode', field.inputMode, label),
    ...withText('validationMessage', field.validationMessage, label),
    ...(field.options && {
      options: field.options.map((option) => ({ value: label(option.value), label: label(option.label) })),
    }),
  };
}

function scrubChoice(choice: PageChoice, label: (text: string) => string, scrubber: Scrubber): PageChoice {
  return {
    ...choice,
    label: label(choice.label),
    selector: cleanSelector(choice.selector, scrubber),
    ...withText('provider', choice.provider, label),
    ...withText('maskedDestination', choice.maskedDestination, label),
    ...withText('description', choice.description, label),
  };
}

function withText<K extends string>(
  key: K,
  text: string | undefined,
  cleaned: (text: string) => string,
): { [key in K]?: string } {
  return (text === undefined ? {} : { [key]: cleaned(text) }) as { [key in K]?: string };
}

/** A site's name of something as it may leave the browser. */
export function cleanLabel(text: string, scrubber: Scrubber): string {
  return clean(text, LABEL_LENGTH, scrubber);
}

/** Scrubbed before it is cut: half a secret would not be recognized. */
function clean(text: string, length: number, scrubber: Scrubber): string {
  const scrubbed = scrubber
    .scrub(text.replaceAll(/\p{Cf}/gu, ''))
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
  const characters = [...scrubbed.trim()];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}

/** CSS writes a value with escapes of its own. A selector that holds one is of no use. */
function cleanSelector(selector: string, scrubber: Scrubber): string {
  const plain = selector
    .replaceAll(/\\([\da-f]{1,6})\s?/gi, (_, digits: string) => characterOf(Number.parseInt(digits, 16)))
    .replaceAll(/\\(.)/gu, '$1');
  return scrubber.finds(plain) ? REMOVED : clean(selector, SELECTOR_LENGTH, scrubber);
}

const characterOf = (code: number) => (code > 0x10ffff ? '' : String.fromCodePoint(code));

import type { Frame } from 'playwright-core';
import type { FlowErrorCode, MfaType, PageChoice, PageField } from '../../contract/index.ts';
import type { ConsentButton } from './consent/consent-label.ts';
import type { Control, TextBlock } from './frame-snapshot.ts';
import type { ProbedFrame } from './probed-frame.ts';

/** What stands on a page right now, before anything is decided; texts are the site's own, not yet scrubbed. */
export interface PageReading {
  /** Full URL of the top frame. */
  url: string;
  /** HTTP status of the document, where one is known. */
  status?: number;
  /** Of the fields and choices: the same form has the same one, also after it was reloaded. */
  fingerprint: string;
  fields: PageField[];
  choices: PageChoice[];
  /**
   * What the fields are for. `login`: identifier, password or both. `change_password`: two new-password fields.
   * `none`: nothing that a login would ask.
   */
  purpose: 'login' | 'code' | 'change_password' | 'choice' | 'none';
  /** The page waits for something elsewhere: a push, a link in a mail, a security key. */
  external?: { message: string; mfaType?: MfaType | 'passkey' | 'other' };
  /** A consent notice stands before the page, and this button answers it; never leaves `src/browser`. */
  consent?: ConsentAnswer;
  /** The choices are those of a dialog that stands before the page. */
  overlaid?: true;
  /** CAPTCHA, block page, passkey only, error status. */
  blocked?: FlowErrorCode;
  /** Visible texts that could be a complaint (role=alert, near the form, marked invalid, or anywhere short), most likely first. */
  texts: string[];
  /** Nothing is shown yet: a blank page is not "the form is gone". */
  blank: boolean;
  /** Where a link leads to the login, on a page without a form. */
  loginLink?: { selector: string; label: string };
  /** The document is being loaded, or says by a spinner that it has something to do. */
  busy: boolean;
  /** What the probe told, for a report of the page. Never leaves `src/browser` as it is. */
  frames?: readonly ProbedFrame[];
  /** `texts` with the marks that rank them. */
  textBlocks: TextBlock[];
  /** Where the parts are in the live page. Never leaves `src/browser`. */
  targets: PageTargets;
}

/** A control and the frame it is in. */
export interface Target {
  frame: Frame;
  control: Control;
}

/** The button that answers a consent notice. */
export interface ConsentAnswer {
  button: ConsentButton;
  label: string;
  target: Target;
}

/** What takes a choice. */
export interface ChoiceTarget extends Target {
  /** Index of the option in a select. */
  option?: number;
  /** What submits a radio button or a select. */
  submit?: Target;
}

/** The controls behind the ids of a reading. */
export interface PageTargets {
  /** By field id: one control, the boxes of a code, or the fields that all take the new password. */
  fields: Map<string, Target[]>;
  /** By choice id. */
  choices: Map<string, ChoiceTarget>;
  /** What submits the fields. */
  submit?: Target;
  loginLink?: Target;
}

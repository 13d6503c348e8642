import type { FlowErrorCode, MfaType, PageChoice, PageField } from '../../contract/index.ts';

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
  /** CAPTCHA, block page, passkey only, error status. */
  blocked?: FlowErrorCode;
  /** Visible texts that could be a complaint (role=alert, near the form, marked invalid, or anywhere short), most likely first. */
  texts: string[];
  /** Nothing is shown yet: a blank page is not "the form is gone". */
  blank: boolean;
  /** Where a link leads to the login, on a page without a form. */
  loginLink?: { selector: string; label: string };
}

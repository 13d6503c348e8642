import type { FieldOption } from './flow.ts';
import type { ChoiceType, DiscoveredFieldType, FieldType, FlowErrorCode, MfaType } from './vocabulary.ts';

/*
 * What the browser reports of a page, to activities and workflows. Every text is scrubbed of secrets, freed of control
 * characters and shortened before it leaves `src/browser`.
 */

/** An input that a person could fill. */
export interface PageField {
  /** Stable for as long as the page shows the same form. */
  id: string;
  /** Credential key: `username`, `password`, `new_password`, `code`, else the input's name. */
  ref: string;
  type: FieldType;
  /** Name that is unique within the form; key of the older shape. */
  name: string;
  legacyType: DiscoveredFieldType;
  label: string;
  /** CSS. */
  selector: string;
  required: boolean;
  placeholder?: string;
  inputMode?: string;
  /** Which second factor a code field belongs to, where the page says so. */
  mfaType?: MfaType;
  /** Of a `select`. */
  options?: FieldOption[];
  /** Of a password that is asked in part: which of its characters is typed here, from 1. */
  position?: number;
  /** What the browser itself says against the value that stands in the field. */
  validationMessage?: string;
}

/** Something that a person could choose instead of, or beside, filling fields. */
export interface PageChoice {
  id: string;
  type: ChoiceType;
  label: string;
  /** XPath. */
  selector: string;
  /** Of an `sso_provider`: `google`, `microsoft`, …, else a word of the label in lower case. */
  provider?: string;
  mfaType?: MfaType | 'passkey' | 'other';
  maskedDestination?: string;
  description?: string;
  /** `sends_code`: has the site send a code, a link or a notification, and leaves the question as it is. */
  effect?: 'sends_code';
}

/** A consent notice that was answered so that the page could be used; nobody was asked. */
export interface ConsentNote {
  /** What its button does; `accept` only where the notice leaves nothing smaller. */
  answer: 'reject' | 'necessary' | 'save' | 'close' | 'acknowledge' | 'accept';
  /** The button's words. */
  label: string;
}

/** What a page shows, once it has settled. */
export type PageView = Shown & {
  /** Notices that were answered since the last view. */
  consent?: ConsentNote[];
};

type Shown =
  | {
      kind: 'form';
      /** Changes when another form, or another question, is shown. */
      fingerprint: string;
      fields: PageField[];
      choices: PageChoice[];
      /** Text that is new since the last act: the site's complaint. */
      websiteError?: string;
      /** The complaint counts the attempts that remain: nothing may be tried automatically any more. */
      countsAttempts?: boolean;
      /** The act before had the site send a code: the same form is no refusal. */
      codeSent?: true;
      /** Set while the page belongs to an SSO provider rather than to the site. */
      ssoProvider?: string;
      /** Origin and path of the page. */
      url: string;
    }
  | {
      kind: 'external';
      fingerprint: string;
      /** What the person has to do, in the site's words. */
      message: string;
      mfaType?: MfaType | 'passkey' | 'other';
      /** Other ways, a field among them. */
      fields: PageField[];
      choices: PageChoice[];
      ssoProvider?: string;
      url: string;
    }
  | { kind: 'logged_in'; url: string; proof: LoginProof }
  | {
      kind: 'blocked';
      code: FlowErrorCode;
      /** Says more than `code`, which is what readers of older versions know. */
      detail?: 'passkey_required' | 'captcha_required';
      websiteError?: string;
      url: string;
    };

/** URLs that tell logged in from logged out, proved by comparison with an empty context. */
export interface LoginProof {
  /** At least one; the first is the best. Query and fragment stay, for they may matter: kept with the profile, shown nowhere. */
  urls: string[];
  /** Where the site landed after the login, without query and fragment. */
  postLoginUrl: string;
}

/** `unknown` is no verdict: the site could not be read. */
export type LoginVerdict = 'logged_in' | 'logged_out' | 'unknown';

/**
 * What became of an act. `not_sent`: the browser never dispatched it. `unknown`: it may have reached the site, and what
 * the site answered is lost.
 */
export type ActOutcome = 'done' | 'not_sent' | 'unknown';

/** One thing that a login asked for. */
export type LoginNeed =
  | { kind: 'value'; ref: string }
  | { kind: 'totp' }
  | { kind: 'code'; channel: 'sms' | 'call' | 'email' | 'other' }
  | { kind: 'choice'; type: ChoiceType; label: string; provider?: string }
  | { kind: 'external' };

/** What was done on one page of a login, without the values. */
export interface LearntStep {
  fingerprint: string;
  /** Origin and path of the page. */
  url: string;
  /** Credential keys of what was filled in. */
  refs: string[];
  /** Label of the choice that was taken instead. */
  choice?: string;
}

/** What is learnt from the last successful login: how to tell logged in from logged out, and what it asked for, in order. */
export interface LearntLogin {
  proof: LoginProof;
  needs: LoginNeed[];
  /** Pages in the order in which they came, each once: a re-auth goes the same way. Absent in records of older versions. */
  steps?: LearntStep[];
}

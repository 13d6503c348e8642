import type { ActOutcome, PageView } from '../../contract/index.ts';

/** Where a value that is typed comes from; nothing of the value is in it. */
export type ValueSource =
  /** Submitted by a person or program. Gone from the store once it is taken; with `keep` (identifiers) only at the end. */
  | { kind: 'submitted'; secretId: string; keep: boolean }
  /** Of the connection's credential, by its key; of a password that is asked in part one character, from 1. */
  | { kind: 'credential'; key: string; position?: number }
  /** A code made of the credential's TOTP secret; each is used once. */
  | { kind: 'totp' };

export interface PlannedAct {
  fingerprint: string;
  fill: { fieldId: string; ref: string; from: ValueSource }[];
  choiceId?: string;
  submit: boolean;
}

/**
 * `reason` says why nothing was sent, where that is known. `other_site`: what is stored is not for this page's host.
 * `read_only`: a field stays so with the focus in it. `answer_missing`: the site requires what `missing` names. `page_left`: the page
 * that was asked about has gone, and what is there asks for nothing.
 */
export interface ActReport {
  outcome: ActOutcome;
  page?: PageView;
  reason?:
    | 'value_gone'
    | 'totp_used'
    | 'provider_failed'
    | 'form_changed'
    | 'other_site'
    | 'read_only'
    | 'not_entered'
    | 'answer_missing'
    | 'page_left';
  missing?: string[];
  /** False: the site has heard nothing of the act. Absent in reports of older versions. */
  sent?: boolean;
  /** The act typed nothing, so the same form again is no refusal. Absent in what an older worker says. */
  typedNothing?: true;
}

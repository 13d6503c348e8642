import type { AskedCharacter } from '../character-entries.ts';
import type { FieldKind } from '../field-kind.ts';
import type { Control, FrameSnapshot } from '../frame-snapshot.ts';

/** One question of a form; more than one control where they take one value together. */
export interface FormEntry {
  kind: FieldKind;
  controls: Control[];
  /** Another entry may be answered in its stead, as a recovery code is instead of a one-time code. */
  optional?: true;
  /** Of one character of a password. */
  character?: AskedCharacter;
}

/** The fields of one form of a page, and what they are for. */
export interface LoginForm {
  snapshot: FrameSnapshot;
  purpose: 'login' | 'code' | 'change_password';
  entries: FormEntry[];
  submit?: Control;
  group: number;
  /** The higher, the likelier it is what the page is about. */
  weight: number;
}

/**
 * What pages of a login say in one language: lists as {@link anyWord} takes them. A topic that is left out is said in
 * words that another language's list has already.
 */
export interface LanguageWords {
  /** On buttons and headings that log in. */
  login?: string;
  logOut?: string;
  /** On buttons that go on. */
  next?: string;
  signUp?: string;
  /** A forgotten password. */
  recover?: string;
  /** User name, e-mail address, customer number, telephone. */
  identifier?: string;
  password?: string;
  /** A second or a new password. */
  newPassword?: string;
  /** A one-time code beyond doubt. */
  strongCode?: string;
  code?: string;
  search?: string;
  newsletter?: string;
  /** Name and address. */
  profile?: string;
  save?: string;
}

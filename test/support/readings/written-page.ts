/** A page in the style of several sites, and what a person should be asked on it. */
export interface WrittenPage {
  name: string;
  html: string;
  /** `ref:type` of each field in the order of the page; with `?` where it may be left out. */
  asks: readonly string[];
  /** What the button says that sends the fields. */
  submit?: string;
  /** Id of the control that the first field is, where another one is called the same. */
  first?: string;
  /** Not recorded: it is about how much there is of it. */
  large?: true;
}

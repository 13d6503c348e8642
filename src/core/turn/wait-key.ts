/** What a tool call waits for: `kind` says of which capability it is, `subject` is an id of that capability. */
export interface WaitKey {
  kind: string;
  subject: string;
}

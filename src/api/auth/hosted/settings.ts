import type { Branding } from './read-branding.ts';

/** What an operator sets of the hosted page. */
export interface HostedSettings {
  /** Origins beside the site of this API to which people may be sent back, in lower case. */
  returnOrigins: readonly string[];
  branding: Branding;
}

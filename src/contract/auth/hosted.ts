import { z } from 'zod';

/** Languages of the hosted page. Each has its words in `web/hosted/words`. */
export const HOSTED_LANGUAGES = ['en', 'de', 'es', 'fr', 'ja'] as const;

export const HostedLanguage = z.enum(HOSTED_LANGUAGES);
export type HostedLanguage = z.infer<typeof HostedLanguage>;

/** Where the hosted page sends the person when the login has succeeded. The API judges whether it may. */
export const SuccessUrl = z
  .url({ protocol: /^https?$/, message: 'must be an address with https:// or http://' })
  .max(2_000)
  .describe(
    'The person is sent here when the login has succeeded; after other ends the page links here. Of the site of this API, or of an origin in `LONGTURN_HOSTED_RETURN_ORIGINS`. Gets `connection_id`, `flow_id`, `flow_status`, `error_code` and `state` as its query.',
  );

/** What whoever begins a login wants to read in the address that the person comes back by. */
export const ReturnState = z
  .string()
  .min(1)
  .max(512)
  .describe('Comes back in the query of `success_url` as it is. No secret: it is in an address.');

import { z } from 'zod';

/** Languages of the hosted page. Each has its words in `web/hosted/words`. */
export const HOSTED_LANGUAGES = ['en', 'de', 'es', 'fr', 'ja'] as const;

export const HostedLanguage = z.enum(HOSTED_LANGUAGES);
export type HostedLanguage = z.infer<typeof HostedLanguage>;

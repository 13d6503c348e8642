import type { Sealed } from '../store/ports/sealed.ts';

/** What a sealed text is bound to: it opens for nothing else. */
export type SealContext =
  | { use: 'profile'; profileId: string }
  | { use: 'credential'; credentialId: string }
  | { use: 'submitted'; flowId: string; interactionId: string; secretId: string }
  | { use: 'parked'; flowId: string }
  | { use: 'reading'; connectionId: string }
  | { use: 'report'; reportId: string }
  | { use: 'preview'; flowId: string }
  | { use: 'webhook'; webhookId: string };

/** Encrypts what is at rest: AES-256-GCM with the id of the key in front, bound to its context. */
export interface Vault {
  seal(text: string, context: SealContext): Sealed;
  /** Throws {@link VaultError} when the key is not known, or the text was sealed for something else. */
  open(sealed: Sealed, context: SealContext): string;
  /** Keyed hash (HMAC-SHA-256, hexadecimal): equal texts are known as equal, and nothing else is learnt. */
  hash(text: string, purpose: string): string;
}

/** A sealed text cannot be opened; never says what is inside. */
export class VaultError extends Error {
  override name = 'VaultError';
}

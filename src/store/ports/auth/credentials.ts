import type { Credential } from '../../../contract/index.ts';
import type { OffsetPage, OffsetQuery } from '../offset-page.ts';
import type { Sealed } from '../sealed.ts';

/** A stored credential with its sealed values: JSON `{values, totpSecret?}`. */
export interface CredentialRecord extends Required<Omit<Credential, 'value_keys'>> {
  value_keys: string[];
  sealed: Sealed;
}

export interface CredentialStore {
  /** False when the name is taken; then `existing_id` is in the second place. */
  create(credential: CredentialRecord): Promise<{ created: boolean; credential: CredentialRecord }>;
  /** By id, else by name. */
  find(idOrName: string): Promise<CredentialRecord | undefined>;
  list(query: OffsetQuery & { domain?: string; query?: string }): Promise<OffsetPage<CredentialRecord>>;
  /** Replaces the record of this id where it is still as of `updatedAt`. False: it changed meanwhile, or the name is taken. */
  replace(credential: CredentialRecord, updatedAt: string): Promise<boolean>;
  delete(id: string): Promise<boolean>;
  /** Counts a TOTP time step as used, once per (credential, step). False: it was used already. */
  useTotp(credentialId: string, step: number, at: string): Promise<boolean>;
}

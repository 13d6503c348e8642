import type { Logger } from 'pino';
import type { ConnectionRecord } from '../store/ports/auth/connections.ts';
import type { CredentialStore } from '../store/ports/auth/credentials.ts';
import type { CredentialProvider } from './credential-provider.ts';
import {
  createCredentialResolver,
  type ResolvedCredential,
  type ResolvedFacts,
} from './resolve-credential.ts';
import { createStoredCredentials, type StoredCredentials } from './stored-credentials.ts';
import type { Vault } from './vault.ts';

type Settled = Pick<ConnectionRecord, 'domain' | 'settings'>;

/** Logins: those that are kept here, and what a connection refers to, wherever that is. */
export interface Credentials extends StoredCredentials {
  /** What there is for a connection, without values; `fresh` asks a provider anew. See CredentialResolver.factsOf. */
  facts(connection: Settled, options?: { fresh?: boolean }): Promise<ResolvedFacts>;
  /** Values for a login of a connection, as they are now. Throws ProviderError, VaultError. */
  resolve(connection: Settled): Promise<ResolvedCredential | undefined>;
}

export interface CredentialsDeps {
  store: { credentials: CredentialStore };
  vault: Vault;
  providers: readonly CredentialProvider[];
  log: Pick<Logger, 'warn'>;
  now(): Date;
  newId(prefix: string): string;
}

export function createCredentials({
  store,
  vault,
  providers,
  log,
  now,
  newId,
}: CredentialsDeps): Credentials {
  const stored = createStoredCredentials({ store: store.credentials, vault, now, newId });
  const resolver = createCredentialResolver({ stored, providers, log, now });
  const placeOf = ({ domain, settings }: Settled) => ({
    domain,
    reference: settings.credential,
    allowedDomains: settings.allowedDomains,
  });
  return {
    ...stored,
    facts: (connection, options) => resolver.factsOf(placeOf(connection), options),
    resolve: (connection) => resolver.resolve(placeOf(connection)),
  };
}

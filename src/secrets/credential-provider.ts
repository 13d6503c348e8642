/** Values of a login, as a provider or the credential store has them. */
export interface CredentialValues {
  /** By credential key: `username` (also for e-mail and login), `password`, else the field's name. */
  values: Record<string, string>;
  /** Base32. */
  totpSecret?: string;
}

/** An item of a provider. */
export interface ProvidedCredential extends CredentialValues {
  /** What the item is for: `host[:port]`, `*.host`, or a URL; empty: it is typed nowhere. */
  domains: readonly string[];
}

/** A place elsewhere in which logins are kept. Values are read at login time and never stored here. */
export interface CredentialProvider {
  readonly name: string;
  readonly kind: 'file' | 'onepassword';
  /** Lower is asked first where a connection does not name a provider. */
  readonly priority: number;
  /** The item at `path` (`Vault/Item`); undefined when there is none. Throws {@link ProviderError}. */
  byPath(path: string): Promise<ProvidedCredential | undefined>;
  /** The first item whose domain is this one: exact host, host of a URL, or `*.` wildcard. */
  byDomain(domain: string): Promise<ProvidedCredential | undefined>;
}

/** A provider does not answer, or refuses; the message holds no value. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  readonly provider: string;

  constructor(provider: string, message: string) {
    super(message);
    this.provider = provider;
  }
}

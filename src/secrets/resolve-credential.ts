import type { Logger } from 'pino';
import type { Credential, CredentialFacts, CredentialReference } from '../contract/index.ts';
import { isUsableBy } from './credential-places.ts';
import {
  type CredentialProvider,
  type CredentialValues,
  type ProvidedCredential,
  ProviderError,
} from './credential-provider.ts';
import type { OpenCredential, StoredCredentials } from './stored-credentials.ts';

/** Where a connection's values come from: its reference, and the domain that they are typed on. */
export interface CredentialPlace {
  reference: CredentialReference | undefined;
  domain: string;
  /** Hosts that the connection may lead to beside its domain. */
  allowedDomains: readonly string[];
}

/** Values for a login; never kept longer than they are typed. */
export interface ResolvedCredential extends CredentialValues {
  source: 'store' | 'external';
  /** Of a stored credential. */
  id?: string;
  /** Of a stored credential: it is typed on this provider's pages and on no others. */
  ssoProvider?: string;
  /** What it was stored for; see `mayBeTypedOn`. */
  domains: readonly string[];
}

/** As {@link CredentialFacts}, with the provider that a stored credential is for. */
export interface ResolvedFacts extends CredentialFacts {
  ssoProvider?: string;
}

export interface CredentialResolver {
  /**
   * Values as they are now; undefined where nothing is referred to or it is not there. A stored credential is given out
   * for its own site only, or for an SSO provider's pages. Throws ProviderError.
   */
  resolve(place: CredentialPlace): Promise<ResolvedCredential | undefined>;
  /**
   * What there is, without values. What a provider told is remembered for 5 min unless `fresh`; a provider that fails
   * has nothing, and the log tells why.
   */
  factsOf(place: CredentialPlace, options?: { fresh?: boolean }): Promise<ResolvedFacts>;
}

export interface ResolverDeps {
  stored: Pick<StoredCredentials, 'values' | 'get'>;
  providers: readonly CredentialProvider[];
  log: Pick<Logger, 'warn'>;
  now(): Date;
}

const NOTHING: ResolvedFacts = { source: 'none', keys: [], hasTotpSecret: false };
const NO_ANSWER: ResolvedFacts = { source: 'external', keys: [], hasTotpSecret: false };
/** How long it is remembered which keys a provider's item has. */
const REMEMBER_MS = 300_000;
/** How long a provider that failed is not asked again for facts. */
const REST_MS = 15_000;

export function createCredentialResolver(deps: ResolverDeps): CredentialResolver {
  const external = createExternalFacts(deps);
  return {
    async resolve({ reference, ...place }) {
      if (reference === undefined) return undefined;
      if (reference.name !== undefined) {
        const found = await deps.stored.values(reference.name);
        const credential = found && fromStore(found);
        return credential && isUsableBy(credential, place) ? credential : undefined;
      }
      const found = await fromProviders(deps.providers, reference, place.domain);
      return found && { source: 'external', ...found };
    },
    async factsOf({ reference, ...place }, { fresh = false } = {}) {
      if (reference === undefined) return NOTHING;
      if (reference.name === undefined) return await external(reference, place.domain, fresh);
      const record = await deps.stored.get(reference.name);
      if (record === undefined || !isUsableBy(originOf(record), place)) return NOTHING;
      const { value_keys: keys = [], has_totp_secret: hasTotpSecret, sso_provider: ssoProvider } = record;
      return { source: 'store', keys, hasTotpSecret, ...(ssoProvider && { ssoProvider }) };
    },
  };
}

function originOf({ domain, sso_provider: ssoProvider }: Pick<Credential, 'domain' | 'sso_provider'>) {
  return { source: 'store' as const, domains: [domain], ...(ssoProvider && { ssoProvider }) };
}

function fromStore({ record, values, totpSecret }: OpenCredential): ResolvedCredential {
  return { ...originOf(record), id: record.id, values, ...(totpSecret && { totpSecret }) };
}

async function fromProviders(
  providers: readonly CredentialProvider[],
  { provider: name, path }: CredentialReference,
  domain: string,
): Promise<ProvidedCredential | undefined> {
  const asked = name === undefined ? providers : providers.filter((each) => each.name === name);
  if (asked.length === 0) {
    const known = providers.map((each) => each.name).join(', ') || 'none';
    const message = `is not configured (there is: ${known}); add it to the file of LONGTURN_CREDENTIAL_PROVIDERS`;
    throw new ProviderError(name ?? 'auto', message);
  }
  for (const provider of asked.toSorted((a, b) => a.priority - b.priority)) {
    const found = await (path === undefined ? provider.byDomain(domain) : provider.byPath(path));
    if (found) return found;
  }
  return undefined;
}

function createExternalFacts({ providers, log, now }: ResolverDeps) {
  const remembered = new Map<string, { facts: Promise<ResolvedFacts>; untilMs: number }>();
  return async (reference: CredentialReference, domain: string, fresh: boolean): Promise<ResolvedFacts> => {
    const id = JSON.stringify([reference.provider, reference.path, reference.path === undefined && domain]);
    const known = remembered.get(id);
    if (known && !fresh && known.untilMs > now().getTime()) return await known.facts;
    const entry = {
      untilMs: now().getTime() + REMEMBER_MS,
      facts: ask(reference, domain).catch((error) => {
        entry.untilMs = now().getTime() + REST_MS;
        if (!(error instanceof ProviderError)) throw error;
        const { provider, message: reason } = error;
        log.warn({ provider, reason }, 'a credential provider does not answer');
        return NO_ANSWER;
      }),
    };
    remembered.set(id, entry);
    return await entry.facts;
  };

  async function ask(reference: CredentialReference, domain: string): Promise<ResolvedFacts> {
    const found = await fromProviders(providers, reference, domain);
    if (found === undefined) return NOTHING;
    const hasTotpSecret = found.totpSecret !== undefined;
    return { source: 'external', keys: Object.keys(found.values).sort(), hasTotpSecret };
  }
}

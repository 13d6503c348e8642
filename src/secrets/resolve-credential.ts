import type { Logger } from 'pino';
import type { CredentialFacts, CredentialReference } from '../contract/index.ts';
import { type CredentialProvider, type CredentialValues, ProviderError } from './credential-provider.ts';
import { isSameSite } from './match-domain.ts';
import type { OpenCredential, StoredCredentials } from './stored-credentials.ts';

/** Where a connection's values come from: its reference, and the domain that they are typed on. */
export interface CredentialPlace {
  reference: CredentialReference | undefined;
  domain: string;
}

/** Values for a login; never kept longer than they are typed. */
export interface ResolvedCredential extends CredentialValues {
  source: 'store' | 'external';
  /** Of a stored credential. */
  id?: string;
  /** Of a stored credential: it is typed on this provider's pages and on no others. */
  ssoProvider?: string;
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
    async resolve({ reference, domain }) {
      if (reference === undefined) return undefined;
      if (reference.name !== undefined) {
        const found = await deps.stored.values(reference.name);
        return found && isFor(found.record, domain) ? fromStore(found) : undefined;
      }
      const found = await fromProviders(deps.providers, reference, domain);
      return found && { source: 'external', ...found };
    },
    async factsOf({ reference, domain }, { fresh = false } = {}) {
      if (reference === undefined) return NOTHING;
      if (reference.name === undefined) return await external(reference, domain, fresh);
      const record = await deps.stored.get(reference.name);
      if (record === undefined || !isFor(record, domain)) return NOTHING;
      const { value_keys: keys = [], has_totp_secret: hasTotpSecret, sso_provider: ssoProvider } = record;
      return { source: 'store', keys, hasTotpSecret, ...(ssoProvider && { ssoProvider }) };
    },
  };
}

/** Who may use a connection could else have any credential typed on a site of their own. */
function isFor(credential: { domain: string; sso_provider: string | null }, domain: string): boolean {
  return credential.sso_provider !== null || isSameSite(credential.domain, domain);
}

function fromStore({ record, values, totpSecret }: OpenCredential): ResolvedCredential {
  return {
    source: 'store',
    id: record.id,
    values,
    ...(totpSecret && { totpSecret }),
    ...(record.sso_provider && { ssoProvider: record.sso_provider }),
  };
}

async function fromProviders(
  providers: readonly CredentialProvider[],
  { provider: name, path }: CredentialReference,
  domain: string,
): Promise<CredentialValues | undefined> {
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

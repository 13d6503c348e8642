import type { Credential } from '../../contract/index.ts';
import { type CredentialOrigin, mayBeTypedOn } from '../../secrets/credential-places.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { AuthActivityDeps } from './deps.ts';
import { type DraftedPage, draftedPages } from './draft-credential.ts';

/**
 * Saves what a person typed in a login that succeeded as the connection's credential. A new one is stored for the host on which
 * it was typed; an existing one takes only values that were typed where it may be typed itself.
 */
export async function saveCredential(
  deps: AuthActivityDeps,
  flowId: string,
  connection: ConnectionRecord,
): Promise<void> {
  const pages = await draftedPages(deps, flowId);
  if (!pages || pages.length === 0) return;
  const { id, settings } = connection;
  const { auth, credentials, log, now } = deps;
  const name = settings.credential?.name ?? nameFor(connection);
  const known = await credentials.get(name);
  const made = known ? undefined : placeOf(connection, pages);
  const values = valuesTypedAt(pages, known ? originOf(known) : made?.origin, settings.vouched);
  if (Object.keys(values).length === 0) {
    log.warn({ connectionId: id, flowId }, 'what was typed is not kept: the credential is for another host');
    return;
  }
  if (known) await credentials.overwrite(known.id, values);
  else if (made) await credentials.create({ name, values, ...made.stored });
  if (settings.credential) return;
  await auth.connections.configure(id, { ...settings, credential: { name } }, now().toISOString());
}

function valuesTypedAt(
  pages: DraftedPage[],
  origin: CredentialOrigin | undefined,
  vouched: readonly string[] = [],
): Record<string, string> {
  const here = pages.filter(({ page }) => origin && mayBeTypedOn(origin, vouched, page));
  return Object.assign({}, ...here.map(({ values }) => values)) as Record<string, string>;
}

function originOf({ domain, sso_provider: ssoProvider }: Credential): CredentialOrigin {
  return { source: 'store', domains: [domain], ...(ssoProvider && { ssoProvider }) };
}

/** The connection's own domain where the password was typed there, else the host, and the provider, that it was typed at. */
function placeOf({ domain, settings }: ConnectionRecord, pages: DraftedPage[]) {
  const site: CredentialOrigin = { source: 'store', domains: [domain] };
  const main = pages.findLast(({ values }) => 'password' in values) ?? pages.at(-1);
  if (!main || mayBeTypedOn(site, settings.vouched ?? [], main.page)) {
    return { origin: site, stored: { domain } };
  }
  const { ssoProvider } = main;
  const host = URL.parse(main.page)?.host ?? domain;
  return {
    origin: { ...site, domains: [host], ...(ssoProvider !== undefined && { ssoProvider }) },
    stored: { domain: host, ...(ssoProvider !== undefined && { sso_provider: ssoProvider }) },
  };
}

/** Name of a credential that is made of what a person typed. */
function nameFor({ domain, profileName }: ConnectionRecord): string {
  return `${profileName}@${domain.replace(':', '-')}`.slice(0, 255);
}

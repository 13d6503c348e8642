import { credentialValues } from './credential-keys.ts';
import { type CredentialProvider, type CredentialValues, ProviderError } from './credential-provider.ts';
import { matchesDomain } from './match-domain.ts';
import { createOnePasswordApi, type ItemField, type ItemSummary } from './onepassword-api.ts';
import { totpSecretOf } from './totp.ts';

export interface OnePasswordOptions {
  name: string;
  /** Base address of the Connect server, without `/v1`. */
  url: string;
  /** Reads the access token; asked for every request, so that it can be changed. */
  token(): Promise<string>;
  priority: number;
  /** How long the list of items (titles and addresses, no values) is remembered. */
  cacheTtlSeconds: number;
  now(): Date;
  /** Of one answer, in milliseconds. Default 10000. */
  timeoutMs?: number;
}

/** Logins of 1Password, by its Connect server. Values are fetched for each login and never kept. */
export function createOnePasswordProvider(options: OnePasswordOptions): CredentialProvider {
  const { name, priority } = options;
  const api = createOnePasswordApi(options);
  const list = createItemList(options, api);
  const valuesIn = async (vaultId: string, item: ItemSummary | undefined) => {
    const fields = item && (await api.fields(vaultId, item.id));
    return item && fields && { ...valuesOf(name, fields), domains: addressesOf(item) };
  };
  return {
    name,
    kind: 'onepassword',
    priority,
    async byPath(path) {
      const [vaultName, title, ...more] = path.split('/');
      if (!vaultName || !title || more.length > 0) {
        throw new ProviderError(name, 'The path must be Vault/Item, both without a slash.');
      }
      const vault = only(name, await api.vaults(vaultName), `vaults called "${vaultName}"`);
      return (
        vault && (await valuesIn(vault.id, only(name, await api.items(vault.id, title), `items "${path}"`)))
      );
    },
    async byDomain(domain) {
      const found = (await list()).find(({ item }) => isOf(item, domain));
      return found && (await valuesIn(found.vaultId, found.item));
    },
  };
}

interface Listed {
  vaultId: string;
  item: ItemSummary;
}

function createItemList(
  { cacheTtlSeconds, now }: OnePasswordOptions,
  api: ReturnType<typeof createOnePasswordApi>,
): () => Promise<Listed[]> {
  let known: { list: Promise<Listed[]>; untilMs: number } | undefined;
  const fetchList = async () => {
    const vaults = await api.vaults();
    const lists = await Promise.all(
      vaults.map(async ({ id }) => (await api.items(id)).map((item) => ({ vaultId: id, item }))),
    );
    return lists.flat();
  };
  return async () => {
    if (known && known.untilMs > now().getTime()) return await known.list;
    const fetched = { list: fetchList(), untilMs: now().getTime() + cacheTtlSeconds * 1_000 };
    known = fetched;
    try {
      return await fetched.list;
    } catch (error) {
      // A failure is not remembered.
      if (known === fetched) known = undefined;
      throw error;
    }
  };
}

function isOf(item: ItemSummary, domain: string): boolean {
  return addressesOf(item).some((address) => matchesDomain(address, domain));
}

function addressesOf({ urls }: ItemSummary): string[] {
  return (urls ?? []).map(({ href, url }) => href ?? url ?? '');
}

function only<T>(name: string, found: T[], what: string): T | undefined {
  if (found.length > 1)
    throw new ProviderError(name, `There are ${found.length} ${what}; give each its own name.`);
  return found[0];
}

/** Fields by what they are for, the others by their label; notes are none. */
function valuesOf(name: string, fields: ItemField[]): CredentialValues {
  const filled = fields.flatMap((field) => (field.value ? [{ ...field, value: field.value }] : []));
  const code = filled.find(isOneTimeCode);
  const others = filled.filter((field) => !isOneTimeCode(field) && field.purpose !== 'NOTES');
  const entries = others.map((field) => [keyOf(field), field.value] as const).filter(([key]) => key !== '');
  // The first of a name counts, and a field with a purpose before all others: the last entry stays.
  const byPurpose = others
    .filter(({ purpose }) => purpose)
    .map((field) => [keyOf(field), field.value] as const);
  const values = Object.fromEntries([...entries.toReversed(), ...byPurpose]);
  return { values: credentialValues(values), ...(code && { totpSecret: totpOf(name, code.value) }) };
}

const isOneTimeCode = ({ type }: ItemField) => type === 'OTP' || type === 'TOTP';
const keyOf = ({ purpose, label }: ItemField) => purpose?.toLowerCase() || (label?.trim() ?? '');

function totpOf(name: string, value: string): string {
  const secret = totpSecretOf(value);
  if (secret !== undefined) return secret;
  throw new ProviderError(
    name,
    'The item makes one-time codes of another kind than SHA-1, 6 digits, 30 seconds.',
  );
}

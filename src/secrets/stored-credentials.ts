import { z } from 'zod';
import type { CreateCredentialBody, Credential, UpdateCredentialBody } from '../contract/index.ts';
import type { CredentialRecord, CredentialStore } from '../store/ports/auth/credentials.ts';
import type { OffsetPage, OffsetQuery } from '../store/ports/offset-page.ts';
import { credentialKey, credentialValues } from './credential-keys.ts';
import type { CredentialValues } from './credential-provider.ts';
import { totpAt } from './totp.ts';
import type { Vault } from './vault.ts';

/** How often an update is tried while others change the same credential. */
const TRIES = 10;

/** A stored credential with its values; for activities only, and only for as long as they type them. */
export interface OpenCredential extends CredentialValues {
  record: Credential;
}

/** Logins that are kept here. Values go in and come out for a login only. */
export interface StoredCredentials {
  /** `created` is false, with the existing one, when the name is taken. */
  create(body: CreateCredentialBody): Promise<{ created: boolean; credential: Credential }>;
  /** By id, else by name. */
  update(idOrName: string, body: UpdateCredentialBody): Promise<Credential | 'missing' | 'name_taken'>;
  get(idOrName: string): Promise<Credential | undefined>;
  list(query: OffsetQuery & { domain?: string; query?: string }): Promise<OffsetPage<Credential>>;
  delete(idOrName: string): Promise<boolean>;
  /** The current code of the credential's TOTP secret. */
  totpCode(idOrName: string): Promise<{ code: string; expires_at: string } | 'missing' | 'no_secret'>;
  /** Throws VaultError where they cannot be opened. */
  values(idOrName: string): Promise<OpenCredential | undefined>;
  /** Merges values that a login has proved right. False: it is deleted. */
  overwrite(id: string, values: Readonly<Record<string, string>>): Promise<boolean>;
}

export interface StoredCredentialsDeps {
  store: CredentialStore;
  vault: Vault;
  now(): Date;
  newId(prefix: string): string;
}

const Inside = z.object({ values: z.record(z.string(), z.string()), totpSecret: z.string().optional() });

export function createStoredCredentials(deps: StoredCredentialsDeps): StoredCredentials {
  const { store, vault, now } = deps;
  const open = (record: CredentialRecord): CredentialValues => {
    const text = vault.open(record.sealed, { use: 'credential', credentialId: record.id });
    const { values, totpSecret } = Inside.parse(JSON.parse(text));
    return { values, ...(totpSecret && { totpSecret }) };
  };
  const update = createUpdate(deps, open);
  return {
    async create({ name, domain, sso_provider, values, totp_secret: totpSecret }) {
      const id = deps.newId('cred');
      const at = now().toISOString();
      const inside = { values: credentialValues(values), ...(totpSecret && { totpSecret }) };
      const about = { id, name, domain, sso_provider: sso_provider ?? null, created_at: at, updated_at: at };
      const { created, credential } = await store.create({ ...about, ...sealedPart(vault, id, inside) });
      return { created, credential: withoutValues(credential) };
    },
    update,
    async get(idOrName) {
      const record = await store.find(idOrName);
      return record && withoutValues(record);
    },
    async list(query) {
      const { items, hasMore } = await store.list(query);
      return { items: items.map(withoutValues), hasMore };
    },
    async delete(idOrName) {
      const record = await store.find(idOrName);
      return record !== undefined && (await store.delete(record.id));
    },
    async totpCode(idOrName) {
      const record = await store.find(idOrName);
      if (record === undefined) return 'missing';
      const { totpSecret } = open(record);
      if (totpSecret === undefined) return 'no_secret';
      const { code, expiresAt } = totpAt(totpSecret, now());
      return { code, expires_at: expiresAt.toISOString() };
    },
    async values(idOrName) {
      const record = await store.find(idOrName);
      return record && { record: withoutValues(record), ...open(record) };
    },
    overwrite: async (id, values) => (await update(id, { values: { ...values } })) !== 'missing',
  };
}

/** Reads, changes and replaces; again where another change was faster. */
function createUpdate(
  { store, vault, now }: StoredCredentialsDeps,
  open: (record: CredentialRecord) => CredentialValues,
): StoredCredentials['update'] {
  const changed = (before: CredentialRecord, body: UpdateCredentialBody): CredentialRecord => ({
    ...before,
    name: body.name ?? before.name,
    sso_provider: body.sso_provider === undefined ? before.sso_provider : body.sso_provider,
    updated_at: now().toISOString(),
    ...sealedPart(vault, before.id, merged(open(before), body)),
  });
  const isTaken = async (name: string, id: string) => {
    const holder = await store.find(name);
    return holder !== undefined && holder.id !== id;
  };
  return async (idOrName, body) => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await store.find(idOrName);
      if (before === undefined) return 'missing';
      const after = changed(before, body);
      if (await store.replace(after, before.updated_at)) return withoutValues(after);
      if (await isTaken(after.name, before.id)) return 'name_taken';
    }
    throw new Error(`The credential was changed by others ${TRIES} times in a row; send the change again.`);
  };
}

function merged(before: CredentialValues, body: UpdateCredentialBody): CredentialValues {
  const removed = new Set((body.remove_value_keys ?? []).map(credentialKey));
  const kept = Object.entries(before.values).filter(([key]) => !removed.has(key));
  const totpSecret = body.totp_secret ?? before.totpSecret;
  return {
    values: { ...Object.fromEntries(kept), ...credentialValues(body.values ?? {}) },
    ...(totpSecret && { totpSecret }),
  };
}

/** What the store may know of the values, and the values sealed for this credential. */
function sealedPart(vault: Vault, credentialId: string, inside: CredentialValues) {
  const keys = Object.keys(inside.values).sort();
  return {
    has_values: keys.length > 0,
    has_totp_secret: inside.totpSecret !== undefined,
    value_keys: keys,
    sealed: vault.seal(JSON.stringify(inside), { use: 'credential', credentialId }),
  };
}

function withoutValues({ sealed: _, ...credential }: CredentialRecord): Credential {
  return credential;
}

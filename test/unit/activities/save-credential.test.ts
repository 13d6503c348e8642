import { describe, expect, it } from '@jest/globals';
import type { AuthActivityDeps } from '../../../src/activities/auth/deps.ts';
import { draftCredential } from '../../../src/activities/auth/draft-credential.ts';
import { saveCredential } from '../../../src/activities/auth/save-credential.ts';
import type { Credential } from '../../../src/contract/index.ts';
import { createVault } from '../../../src/secrets/create-vault.ts';
import type { ConnectionRecord, SecretRecord } from '../../../src/store/auth-store.ts';
import { newKeyring } from '../../support/encryption.ts';

const CONNECTION = {
  id: 'ma_1',
  domain: 'shop.example',
  profileName: 'anna',
  settings: { saveCredentials: true, allowedDomains: ['auth.corp.test'] },
} as unknown as ConnectionRecord;

interface Kept {
  created: object[];
  overwritten: object[];
  warned: number;
}

/** Types on pages, as a login would, and keeps what is kept of it. */
async function typedOn(
  pages: { page: string; ssoProvider?: string; values: Record<string, string> }[],
  known?: Pick<Credential, 'domain' | 'sso_provider'>,
): Promise<Kept> {
  const kept: Kept = { created: [], overwritten: [], warned: 0 };
  let secrets: SecretRecord[] = [];
  const deps = {
    vault: createVault(newKeyring('k1')),
    now: () => new Date(),
    log: { warn: () => (kept.warned += 1) },
    auth: {
      flows: { get: async () => ({ view: { flow_expires_at: '2100-01-01T00:00:00.000Z' } }) },
      secrets: {
        get: async () => secrets,
        delete: async () => (secrets = []),
        put: async (put: SecretRecord[]) => (secrets = put),
      },
      connections: { configure: async () => undefined },
    },
    credentials: {
      get: async () => known && { id: 'cred_1', ...known },
      create: async (body: object) => kept.created.push(body),
      overwrite: async (_id: string, values: object) => kept.overwritten.push(values),
    },
  } as unknown as AuthActivityDeps;
  for (const { values, ...place } of pages) {
    const typed = Object.entries(values).map(([ref, value]) => {
      const from = { kind: 'submitted' as const, secretId: 's', keep: false };
      return { fieldId: ref, ref, value, from };
    });
    await draftCredential(deps, 'flow_1', CONNECTION, { typed, ...place });
  }
  await saveCredential(deps, 'flow_1', CONNECTION);
  return kept;
}

const site = { page: 'https://login.shop.example/a?b', values: { username: 'ann' } };
const NAME = 'anna@shop.example';

describe('what a person typed', () => {
  it('is stored for the domain of the connection where it was typed there', async () => {
    const password = { page: 'https://shop.example/b', values: { password: 'pw', code: '1' } };
    const { created } = await typedOn([site, password]);
    expect(created).toEqual([
      { name: NAME, domain: 'shop.example', values: { username: 'ann', password: 'pw' } },
    ]);
  });

  it('is stored for the host that it was typed on elsewhere, without what was typed on other hosts', async () => {
    const other = { page: 'https://auth.corp.test/login', values: { user: 'a', password: 'pw' } };
    const { created } = await typedOn([site, other]);
    expect(created).toEqual([
      { name: NAME, domain: 'auth.corp.test', values: { user: 'a', password: 'pw' } },
    ]);
  });

  it('at an identity provider is a credential of that provider, at that tenant', async () => {
    const page = { page: 'https://one.okta.com/', ssoProvider: 'okta', values: { password: 'pw' } };
    const { created } = await typedOn([site, page]);
    expect(created).toEqual([
      { name: NAME, domain: 'one.okta.com', sso_provider: 'okta', values: { password: 'pw' } },
    ]);
  });

  it('is merged into a credential only where that one may be typed itself', async () => {
    const fresh = { page: 'https://shop.example/', values: { username: 'ann', new_password: 'new' } };
    const mine = { domain: 'shop.example', sso_provider: null };
    expect(await typedOn([fresh], mine)).toEqual({
      created: [],
      overwritten: [{ username: 'ann', password: 'new' }],
      warned: 0,
    });
    const evil = { page: 'https://auth.corp.test/', values: { username: 'mallory' } };
    expect(await typedOn([evil], mine)).toEqual({ created: [], overwritten: [], warned: 1 });
  });
});

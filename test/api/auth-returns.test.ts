import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '../../src/digest.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeEach(async () => {
  test = await createTestApp({ hosted: { returnOrigins: ['https://app.example'] } });
});
afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const OWN = 'https://longturn.example.com/done';
const OTHER = 'https://app.example/done?tab=2';
const login = (id: string, body: unknown) => test.post(`/auth/connections/${id}/login`, body);
/** Where the person of a login goes. */
async function returnOf(id: string, body: unknown): Promise<unknown[]> {
  const begun = await login(id, body);
  expect(begun.status).toBe(200);
  const { body: session } = await auth.exchange(id, begun.body.handoff_code);
  return [session.success_url, session.state];
}

describe('the person of a login comes back', () => {
  it('to the address of the login, with its state', async () => {
    const { id } = await auth.connect({ success_url: OWN });
    expect(await returnOf(id, { success_url: OTHER, state: 's-1' })).toEqual([OTHER, 's-1']);
  });

  it('else to the one of the connection, which is changed and cleared', async () => {
    const connection = await auth.connect({ success_url: OWN });
    expect(connection.success_url).toBe(OWN);
    expect(await returnOf(connection.id, { state: 's-1' })).toEqual([OWN, 's-1']);
    const patch = (body: unknown) => test.request('PATCH', `/auth/connections/${connection.id}`, { body });
    expect((await patch({ success_url: OTHER })).body.success_url).toBe(OTHER);
    expect((await patch({ health_checks: false })).body.success_url).toBe(OTHER);
    expect((await patch({ success_url: '' })).body.success_url).toBeUndefined();
  });

  it('to nothing without one', async () => {
    const { id } = await auth.connect();
    expect(await returnOf(id, { state: 's-1' })).toEqual([undefined, undefined]);
  });

  it('to nothing where it is allowed no longer', async () => {
    const { id } = await auth.connect();
    const { flow_id: flowId, flow_expires_at: expiresAt } = await auth.login(id);
    const returnTo = { url: 'https://gone.example/', state: 's-1' };
    const codeHash = sha256Hex('c'.repeat(43));
    await test.store.auth.handoffs.create({ codeHash, connectionId: id, flowId, expiresAt, returnTo });
    const { status, body } = await auth.exchange(id, 'c'.repeat(43));
    expect([status, body.success_url, body.state]).toEqual([200, undefined, undefined]);
  });
});

describe('an address to come back by', () => {
  it.each([
    ['https://other.example/'],
    ['http://longturn.example.com/'],
    ['https://longturn.example.com@other.example/'],
    ['javascript:alert(1)'],
    ['/done'],
  ])('%s is refused, at a login and of a connection', async (success_url) => {
    const { id } = await auth.connect();
    const refused = [
      await login(id, { success_url }),
      await test.post('/auth/connections', { domain: 'x.example', profile_name: 'p', success_url }),
      await test.request('PATCH', `/auth/connections/${id}`, { body: { success_url } }),
    ];
    for (const answer of refused) {
      expect(problemCode(answer)).toBe('400 validation_failed');
      expect(answer.body.errors).toEqual([
        { path: 'body.success_url', message: expect.stringMatching(/^must be/) },
      ]);
      expect(JSON.stringify(answer.body)).not.toContain('other.example');
    }
    expect(test.authGateway.of('login')).toEqual([]);
  });
});

it('a connection with a language has it in the links to its page', async () => {
  const { id, language } = await auth.connect({ language: 'ja' });
  expect(language).toBe('ja');
  expect(new URL((await auth.login(id)).hosted_url).searchParams.get('lang')).toBe('ja');
  const changed = await test.request('PATCH', `/auth/connections/${id}`, { body: { language: '' } });
  expect(changed.body.language).toBeUndefined();
});

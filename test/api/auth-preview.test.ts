import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoginAnswer } from '../../src/contract/index.ts';
import { asksFor } from '../support/auth-flows.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { ADMIN, createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeEach(async () => {
  test = await createTestApp();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x80, 0xfe]);

const keep = (
  { flow_id: flowId }: LoginAnswer,
  interactionId: string,
  expiresAt = '2026-11-21T12:10:00.000Z',
) =>
  test.store.auth.previews.put({
    flowId,
    interactionId,
    expiresAt,
    sealed: test.vault.seal(PICTURE.toString('base64'), { use: 'preview', flowId }),
  });

const pathOf = ({ id, flow_id: flowId }: LoginAnswer) => `/auth/connections/${id}/flows/${flowId}/preview`;

describe('the picture of the page that a login asks about', () => {
  it('is shown to the person who answers the login, sealed where it is kept, and cached by nobody', async () => {
    const login = await auth.asking('int_1');
    const token = await auth.sessionOf(login);
    expect(problemCode(await test.get(pathOf(login), { token }))).toBe('404 preview_not_found');
    await keep(login, 'int_1');
    const answer = await test.app.inject({
      url: `${pathOf(login)}?interaction_id=int_1`,
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.statusCode, answer.rawPayload.equals(PICTURE)]).toEqual([200, true]);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect((await test.get(pathOf(login), { token })).status).toBe(200);
    const kept = await test.store.auth.previews.get(login.flow_id, '2026-11-21T12:00:00.000Z');
    expect(kept?.sealed).not.toContain(PICTURE.toString('base64').slice(0, 8));
    expect(kept?.sealed.startsWith(test.vault.seal('', { use: 'preview', flowId: 'f' }).slice(0, 5))).toBe(
      true,
    );
  });

  it('is shown to nobody else: no token of the API, and no session of another login', async () => {
    const login = await auth.asking('int_1');
    await keep(login, 'int_1');
    const other = await auth.asking('int_1');
    const ofOther = await auth.sessionOf(other);
    for (const token of [ADMIN, secretOf('auth:read'), secretOf('auth:write')])
      expect(problemCode(await test.get(pathOf(login), { token }))).toBe('403 forbidden');
    expect((await test.get(pathOf(login), { token: null })).status).toBe(401);
    expect(problemCode(await test.get(pathOf(login), { token: ofOther }))).toBe('404 connection_not_found');
    const crossed = `/auth/connections/${other.id}/flows/${login.flow_id}/preview`;
    expect(problemCode(await test.get(crossed, { token: ofOther }))).toBe('404 preview_not_found');
    // An earlier login of the same connection.
    const earlier = await auth.sessionOf(login);
    await auth.advance(login, { flow_status: 'CANCELED', flow_step: 'COMPLETED', interaction_id: null });
    const later = await auth.login(login.id);
    await auth.advance(later, asksFor('int_2'));
    await keep(later, 'int_2');
    expect(problemCode(await test.get(pathOf(later), { token: earlier }))).toBe('404 preview_not_found');
    expect((await test.get(pathOf(later), { token: await auth.sessionOf(later) })).status).toBe(200);
  });

  it('is gone with its question, with its time, and with the login', async () => {
    const login = await auth.asking('int_1');
    const token = await auth.sessionOf(login);
    const shown = async (query = '') => problemCode(await test.get(`${pathOf(login)}${query}`, { token }));
    await keep(login, 'int_1');
    expect(await shown('?interaction_id=int_0')).toBe('404 preview_not_found');
    await auth.advance(login, asksFor('int_2'));
    expect(await shown()).toBe('404 preview_not_found');
    await keep(login, 'int_2', '2026-11-21T12:00:30.000Z');
    expect((await test.get(pathOf(login), { token })).status).toBe(200);
    test.clock.now = new Date('2026-11-21T12:00:30.000Z');
    expect(await shown()).toBe('404 preview_not_found');
    await keep(login, 'int_2');
    await auth.advance(login, { flow_status: 'SUCCESS', flow_step: 'COMPLETED', interaction_id: null });
    expect(await shown()).toBe('404 preview_not_found');
  });
});

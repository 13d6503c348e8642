import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PageReport } from '../../src/contract/index.ts';
import { sealReading } from '../../src/secrets/packed.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeEach(async () => {
  test = await createTestApp();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const report: PageReport = {
  format: 'longturn.page-reading',
  version: 1,
  taken_at: '2026-11-21T11:59:00.000Z',
  page: {
    purpose: 'login',
    url: 'https://site.example/login',
    fields: [{ ref: 'username', type: 'identifier', required: true }],
    labels: 1,
    choices: [],
    complaint: false,
  },
  frames: [{ origin: 'https://site.example', path: '/login', snapshot: { title: 'Log in', controls: [] } }],
};

/** A connection with a login in progress whose page was read. */
async function read(): Promise<string> {
  const login = await auth.asking();
  await test.store.auth.reports.putReading({
    connectionId: login.id,
    flowId: login.flow_id,
    takenAt: report.taken_at,
    expiresAt: '2026-11-22T12:00:00.000Z',
    sealed: sealReading(test.vault, report, { use: 'reading', connectionId: login.id }),
  });
  return login.id;
}

describe('a report', () => {
  it('keeps the page that was read last, is listed and downloaded by an operator, and can be deleted', async () => {
    const id = await read();
    const path = `/auth/connections/${id}/reports`;
    const made = await test.post(`/auth/connections/${id}/report`, undefined, {
      token: secretOf('auth:write'),
    });
    expect(made).toMatchObject({
      status: 201,
      body: { connection_id: id, taken_at: report.taken_at, page: report.page },
    });
    expect(Date.parse(made.body.expires_at) - Date.parse(made.body.created_at)).toBe(30 * 86_400_000);
    expect((await test.get(path)).body).toEqual([made.body]);
    const kept = await test.get(`${path}/${made.body.id}`);
    expect(kept.body).toEqual(report);
    expect(kept.headers['cache-control']).toBe('no-store');
    for (const url of [path, `${path}/${made.body.id}`]) {
      expect(problemCode(await test.get(url, { token: secretOf('auth:read') }))).toBe('403 forbidden');
      expect(problemCode(await test.get(url, { token: secretOf('auth:write') }))).toBe('403 forbidden');
    }
    expect((await test.request('DELETE', `${path}/${made.body.id}`)).status).toBe(204);
    expect((await test.get(path)).body).toEqual([]);
    expect(problemCode(await test.request('DELETE', `${path}/${made.body.id}`))).toBe('404 report_not_found');
  });

  it('is not to be had through another connection, nor after its own is deleted', async () => {
    const id = await read();
    const { body } = await test.post(`/auth/connections/${id}/report`);
    const other = await auth.connect();
    expect(problemCode(await test.get(`/auth/connections/${other.id}/reports/${body.id}`))).toBe(
      '404 report_not_found',
    );
    await test.store.auth.connections.delete(id);
    expect(problemCode(await test.get(`/auth/connections/${id}/reports/${body.id}`))).toBe(
      '404 connection_not_found',
    );
  });
});

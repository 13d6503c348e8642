import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthLogins } from '../support/auth-logins.ts';
import { away } from '../support/scripted-auth-gateway.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const create = (body: object = {}) => test.post('/v1/webhooks', { url: 'https://example.com/hook', ...body });

describe('a webhook', () => {
  it('shows its signing secret once, and keeps it sealed', async () => {
    const { status, headers, body } = await create({ events: ['auth.flow.failed', 'auth.flow.failed'] });
    expect(status).toBe(201);
    expect(headers['cache-control']).toBe('no-store');
    const { secret, ...shown } = body;
    expect(shown).toMatchObject({ url: 'https://example.com/hook', events: ['auth.flow.failed'] });
    expect(Buffer.from(/^whsec_(.+)$/.exec(secret)?.[1] ?? '', 'base64')).toHaveLength(32);
    expect((await test.get(`/v1/webhooks/${body.id}`)).body).toEqual(shown);
    expect((await test.get('/v1/webhooks')).body.items).toContainEqual(shown);
    const record = await test.store.webhooks.get(body.id);
    expect(JSON.stringify([record, test.log])).not.toContain(secret);
    const context = { use: 'webhook' as const, webhookId: body.id };
    expect(test.vault.open(record?.sealedSecret ?? '', context)).toBe(secret);
  });

  it('is deleted', async () => {
    const { body } = await create();
    expect((await test.request('DELETE', `/v1/webhooks/${body.id}`)).status).toBe(204);
    expect(problemCode(await test.get(`/v1/webhooks/${body.id}`))).toBe('404 webhook_not_found');
  });

  it('is read with one scope and written with another', async () => {
    expect((await test.get('/v1/webhooks', { token: secretOf('auth:read') })).status).toBe(200);
    const token = secretOf('auth:write');
    expect((await test.post('/v1/webhooks', { url: 'https://example.com' }, { token })).status).toBe(403);
  });

  it.each([
    ['http://example.com/hook', 'must be https'],
    ['http://127.0.0.1:9001/hook', 'must be https'],
    ['https://10.0.0.7:8443/hook', 'not public'],
    ['https://169.254.169.254/', 'not public'],
    ['https://[fd00:ec2::254]/', 'not public'],
    ['https://0x7f.1/hook', 'not public'],
    ['https://localhost:9000/hook', 'not public'],
    ['https://metadata.google.internal/', 'not public'],
    ['https://inside.example/hook', 'not public'],
    ['https://half.example/hook', 'not public'],
  ])(
    'is refused at %s: it says what is wrong and how to mend it, and not where that leads',
    async (url, wrong) => {
      const answer = await create({ url });
      expect(problemCode(answer)).toBe('422 input_invalid');
      const [fault] = answer.body.errors;
      expect(fault).toEqual({ path: 'body.url', message: expect.stringContaining(wrong) });
      expect(fault.message).toContain('add its host:port to LONGTURN_WEBHOOK_ALLOW');
      expect(JSON.stringify(answer.body)).not.toMatch(/10\.0\.0\.7|inside/);
      const { items } = (await test.get('/v1/webhooks')).body;
      expect(items.map((hook: { url: string }) => hook.url)).not.toContain(url);
    },
  );

  it.each(['http://127.0.0.1:9000/hook', 'https://not-yet.example/hook'])(
    'is made at %s: it is allowed, or has no address yet',
    async (url) => {
      expect((await create({ url })).status).toBe(201);
    },
  );

  it.each(['ftp://example.com', 'example.com', ''])('is not called at %j', async (url) => {
    expect(problemCode(await create({ url }))).toBe('400 validation_failed');
  });
});

describe('messages to a webhook', () => {
  it('are sent for what logins come to, listed, and sent again by hand', async () => {
    const { body: hook } = await create({ events: ['auth.flow.canceled'] });
    for (let n = 0; n < 3; n += 1) {
      const { id } = await auth.asking();
      await test.post(`/auth/connections/${id}/cancel`);
    }
    const list = async (query = '') => (await test.get(`/v1/webhooks/${hook.id}/deliveries${query}`)).body;
    const { items } = await list();
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ webhookId: hook.id, type: 'auth.flow.canceled', state: 'pending' });
    expect(items[0]).not.toHaveProperty('payload');
    const started = test.webhookGateway.sent.deliver;
    expect(started).toEqual(expect.arrayContaining(items.map(({ id }: { id: string }) => id)));

    const first = await list('?limit=2');
    expect(first.items).toEqual(items.slice(0, 2));
    expect((await list(`?limit=2&cursor=${first.nextCursor}`)).items).toEqual(items.slice(2));

    const at = '2026-11-21T12:00:00.000Z';
    await test.store.webhooks.noteAttempt({ id: items[0].id, state: 'failed', status: 500, at });
    const again = await test.post(`/v1/webhooks/${hook.id}/deliveries/${items[0].id}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { id: items[0].id, state: 'pending', attempts: 1 } });
    expect(test.webhookGateway.sent.redeliver.at(-1)).toBe(items[0].id);
  });

  it('are not found under another webhook, nor behind a foreign cursor', async () => {
    const { body: mine } = await create({ events: ['auth.flow.canceled'] });
    const { body: other } = await create({ events: ['auth.flow.failed'] });
    const { id } = await auth.asking();
    await test.post(`/auth/connections/${id}/cancel`);
    const { items } = (await test.get(`/v1/webhooks/${mine.id}/deliveries`)).body;
    const answer = await test.post(`/v1/webhooks/${other.id}/deliveries/${items[0].id}/redeliver`);
    expect(problemCode(answer)).toBe('404 delivery_not_found');
    const foreign = await test.get(`/v1/webhooks/${mine.id}/deliveries?cursor=abc`);
    expect(problemCode(foreign)).toBe('400 cursor_invalid');
  });

  it('hold up no login where they cannot be started', async () => {
    await create();
    test.webhookGateway.script = { deliver: away };
    const { id } = await auth.asking();
    expect((await test.post(`/auth/connections/${id}/cancel`)).status).toBe(200);
    test.webhookGateway.script = {};
  });
});

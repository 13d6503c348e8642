import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { AuthWebhookPayload, WebhookDelivery } from '../../../src/contract/index.ts';
import { answerAll } from '../../support/auth-person.ts';
import { type AuthStage, startAuthStage } from '../../support/auth-stage.ts';
import { startHttpServer, type TestServer } from '../../support/http-server.ts';
import { poll } from '../../support/poll.ts';
import { START_TIMEOUT_MS } from '../../support/system.ts';

interface Received {
  path: string;
  headers: Record<string, string>;
  text: string;
  body: AuthWebhookPayload;
}

/** Answers by path; 200 unless told otherwise. */
const statuses = new Map<string, number[]>();
const received: Received[] = [];
let receiver: TestServer;
let stage: AuthStage & AsyncDisposable;

beforeAll(async () => {
  receiver = await startHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const path = request.url ?? '';
      const headers = request.headers as Record<string, string>;
      received.push({ path, headers, text, body: JSON.parse(text) as AuthWebhookPayload });
      response.writeHead(statuses.get(path)?.shift() ?? 204).end();
    });
  });
  stage = await startAuthStage({ env: { LONGTURN_WEBHOOK_ALLOW: receiver.host } });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
}, 30_000);

async function hook(path: string, events: string[] = []): Promise<{ id: string; secret: string }> {
  const answer = await stage.auth.http.post<{ id: string; secret: string }>('/v1/webhooks', {
    url: `${receiver.url}${path}`,
    events,
  });
  expect(answer.status).toBe(201);
  expect(answer.body.secret).toMatch(/^whsec_/);
  return answer.body;
}

const at = (path: string) => received.filter((each) => each.path === path);

async function deliveries(id: string): Promise<WebhookDelivery[]> {
  const answer = await stage.auth.http.get<{ items: WebhookDelivery[] }>(`/v1/webhooks/${id}/deliveries`);
  expect(answer.status).toBe(200);
  return answer.body.items;
}

async function login(scenario = 'combined'): Promise<string> {
  const connection = await stage.connect(scenario);
  await stage.auth.login(connection.id);
  const { end } = await answerAll(stage.auth, connection.id, stage.person());
  expect(end.flow_status).toBe('SUCCESS');
  return connection.id;
}

describe('Webhooks', () => {
  it('tell each change of a login, in signed messages that hold no capability and no text of the site', async () => {
    const { secret } = await hook('/all');
    const id = await login();
    const types = ['auth.flow.awaiting_input', 'auth.flow.succeeded', 'auth.connection.authenticated'];
    const mine = await poll(
      () => {
        const found = at('/all').filter(({ body }) => body.data.connection_id === id);
        return types.every((type) => found.some(({ body }) => body.type === type)) && found;
      },
      {
        what: 'all messages have come',
        timeoutMs: 30_000,
        explain: () => JSON.stringify(at('/all').map(({ body }) => body.type)),
      },
    );
    for (const { headers, text, body } of mine) {
      expect(new Webhook(secret).verify(text, headers)).toEqual(body);
      expect(headers['webhook-id']).toMatch(/\S/);
      expect(() => new Webhook(secret).verify(`${text} `, headers)).toThrow();
      expect(() =>
        new Webhook(`whsec_${Buffer.from('other').toString('base64')}`).verify(text, headers),
      ).toThrow();
      expect(text).not.toMatch(/hosted|code=|Sign in|E-mail|Northwind|selector/);
    }
    expect(mine.filter(({ body }) => body.type === 'auth.flow.succeeded')).toHaveLength(1);
    expect(new Set(mine.map(({ headers }) => headers['webhook-id'])).size).toBe(mine.length);
    expect(mine.find(({ body }) => body.type === 'auth.connection.authenticated')?.body.data).toMatchObject({
      domain: stage.site.host,
      status: 'AUTHENTICATED',
    });
  }, 60_000);

  it('tell only what was asked for', async () => {
    await hook('/canceled', ['auth.flow.canceled']);
    const connection = await stage.connect('combined');
    const { flow_id } = await stage.auth.login(connection.id);
    await stage.auth.asked(connection.id);
    await stage.auth.cancel(connection.id);
    const [message] = await poll(() => at('/canceled').length > 0 && at('/canceled'), {
      what: 'the message',
    });
    expect(message?.body).toMatchObject({
      type: 'auth.flow.canceled',
      data: { connection_id: connection.id, flow_id, flow_status: 'CANCELED' },
    });
    await login();
    expect(at('/canceled')).toHaveLength(1);
  }, 60_000);

  it('are sent again when the receiver refuses, with the same id, and by hand once more', async () => {
    statuses.set('/retry', [500]);
    const { id, secret } = await hook('/retry', ['auth.flow.succeeded']);
    await login();
    const [first, second] = await poll(() => at('/retry').length >= 2 && at('/retry'), {
      what: 'a second attempt',
      timeoutMs: 45_000,
    });
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toEqual(first?.body);
    expect(new Webhook(secret).verify(second?.text ?? '', second?.headers ?? {})).toEqual(first?.body);
    const [delivery] = await poll(
      async () => {
        const all = await deliveries(id);
        return all[0]?.state === 'delivered' && all;
      },
      { what: 'the message is on record as delivered' },
    );
    expect(delivery).toMatchObject({ type: 'auth.flow.succeeded', attempts: 2 });
    const again = await stage.auth.http.post(`/v1/webhooks/${id}/deliveries/${delivery?.id}/redeliver`);
    expect(again.status).toBe(202);
    let record: WebhookDelivery[] = [];
    const third = await poll(
      async () => {
        record = await deliveries(id);
        return at('/retry')[2];
      },
      { what: 'the redelivery', timeoutMs: 20_000, explain: () => JSON.stringify(record) },
    );
    expect(third.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(new Webhook(secret).verify(third.text, third.headers)).toEqual(first?.body);
  }, 90_000);

  it('survive that everything is killed before they could be delivered', async () => {
    statuses.set('/survives', [503]);
    const { id } = await hook('/survives', ['auth.flow.succeeded']);
    await login();
    await poll(() => at('/survives').length >= 1, { what: 'a first attempt', timeoutMs: 30_000 });
    await stage.system.kill9All();
    await stage.system.startAll();
    const before = at('/survives').length;
    let record: WebhookDelivery[] = [];
    await poll(
      async () => {
        record = await deliveries(id);
        return record[0]?.state === 'delivered';
      },
      {
        what: 'the message is delivered after the restart',
        timeoutMs: 90_000,
        everyMs: 300,
        explain: () => JSON.stringify(record),
      },
    );
    expect(at('/survives').length).toBeGreaterThan(before - 1);
    expect(new Set(at('/survives').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  }, 150_000);

  it('are not sent to private addresses that nobody allowed, and a deleted one is told nothing', async () => {
    const { auth } = stage;
    const forbidden = await auth.http.post('/v1/webhooks', {
      url: 'http://127.0.0.1:9/x',
      events: ['auth.flow.canceled'],
    });
    expect(forbidden.status).toBe(422);
    const gone = await hook('/gone', ['auth.flow.canceled']);
    expect((await auth.http.delete(`/v1/webhooks/${gone.id}`)).status).toBe(204);
    const connection = await stage.connect('combined');
    await auth.login(connection.id);
    await auth.asked(connection.id);
    await auth.cancel(connection.id);
    expect(at('/gone')).toEqual([]);
  }, 60_000);
});

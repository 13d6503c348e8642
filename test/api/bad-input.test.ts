import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Scope } from '../../src/contract/index.ts';
import {
  isNullable,
  type Operation,
  objectOf,
  readOperations,
  type Schema,
  wrongValue,
} from '../support/operations.ts';
import { seedTurn } from '../support/seed-turns.ts';
import {
  createTestApp,
  type Options,
  problemCode,
  type Response,
  secretOf,
  type TestApp,
} from '../support/test-app.ts';

/** A body that each operation takes, where it takes one. */
const BODIES: Record<string, Record<string, unknown>> = {
  startTurn: { agent: 'helper', input: 'x' },
  cancelTurn: {},
  stopTurn: {},
  steerTurn: { message: 'x' },
  decideCall: { action: 'allow' },
  submitResult: { content: 'x' },
  approve: { call_id: 'c', action: 'deny' },
  submitToolResult: { call_id: 'c', content: 'x' },
  putAgent: { model: 'rehearsal/script' },
  createToken: { name: 'x', scopes: ['turns:read'] },
  createConnection: { domain: 'example.com', profile_name: 'x' },
  updateConnection: {},
  beginLogin: {},
  submitAnswer: { fields: { username: 'x' } },
  exchangeCode: { code: 'x'.repeat(40) },
  createCredential: { name: 'x', domain: 'example.com', values: { password: 'x' } },
  updateCredential: {},
  createProfile: {},
  renameProfile: { name: 'x' },
  createWebhook: { url: 'https://example.com/hook' },
  encodePayloads: { payloads: [] },
  decodePayloads: { payloads: [] },
};

/** Their protocol is the engine's: larger bodies, and fields that later versions may add. */
const FOREIGN = ['encodePayloads', 'decodePayloads'];

const committed = JSON.parse(readFileSync('openapi.json', 'utf8'));
const NAMES = Object.values<Record<string, { operationId: string }>>(committed.paths).flatMap((methods) =>
  Object.values(methods).map(({ operationId }) => operationId),
);

let test: TestApp;
let operations: Map<string, Operation>;
let before: string;

beforeAll(async () => {
  test = await createTestApp();
  await seedTurn(test.store, 'a-session');
  operations = new Map(
    (await readOperations(test.app)).operations.map((operation) => [operation.id, operation]),
  );
  before = await everything();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

/** What bad input must not change. */
async function everything(): Promise<string> {
  const { store } = test;
  const page = { limit: 200 };
  const tokens = (await store.tokens.list(page)).items.map(({ id }) => id);
  return JSON.stringify([
    await store.turns.list(page),
    await store.agents.list(page),
    tokens,
    test.gateway.sent,
    await store.auth.connections.list({ limit: 100, offset: 0 }),
    await store.auth.credentials.list({ limit: 100, offset: 0 }),
    await store.auth.profiles.list({ limit: 100, offset: 0 }),
    await store.webhooks.list(),
    test.authGateway.sent,
    test.webhookGateway.sent,
  ]);
}

const operationOf = (id: string): Operation => {
  const operation = operations.get(id);
  if (operation === undefined) throw new Error(`openapi.json has ${id}, the app has not: npm run openapi`);
  return operation;
};

/** The path with an id in the place of each parameter. */
const urlOf = ({ path }: Operation, id = 'unknown') => path.replaceAll(/\{\w+\}/g, id);

async function send(operation: Operation, options: Options & { url?: string } = {}): Promise<Response> {
  const url = options.url ?? urlOf(operation);
  const answer = await test.request(operation.method, url, options);
  expect(Object.keys(operation.responses)).toContain(String(answer.status));
  return answer;
}

/** Where an operation's requests hold secrets, what the caller named is not repeated: see discreet-answers.test.ts. */
const isDiscreet = ({ path }: Operation) => /^\/(auth|credentials|profiles|v1\/webhooks)/.test(path);
const named = (operation: Operation, part: string, path: string) => (isDiscreet(operation) ? part : path);

const pathsOf = ({ body }: Response): string[] => body.errors.map(({ path }: { path: string }) => path);

async function expectFault(answer: Response, path: string): Promise<void> {
  expect(problemCode(answer)).toBe('400 validation_failed');
  expect(pathsOf(answer)).toContain(path);
}

describe.each(NAMES.filter((name) => !['getLiveness', 'getReadiness'].includes(name)))('%s', (name) => {
  it('asks for a token, and for one with its scope', async () => {
    const operation = operationOf(name);
    // What its body holds is the authentication.
    if (name === 'exchangeCode') return;
    expect(problemCode(await send(operation, { token: null }))).toBe('401 unauthenticated');
    const unknown = await send(operation, { token: 'lt_unknown' });
    expect(problemCode(unknown)).toBe('401 unauthenticated');
    expect(unknown.headers['www-authenticate']).toContain('Bearer');
    const other: Scope = operation.scope === 'notes:write' ? 'turns:read' : 'notes:write';
    const forbidden = await send(operation, { token: secretOf(other) });
    expect(problemCode(forbidden)).toBe('403 forbidden');
    expect(forbidden.body.detail).toContain(operation.scope);
  });

  it('refuses parameters of the wrong form by path', async () => {
    const operation = operationOf(name);
    const body = BODIES[name];
    for (const { in: place, name: parameter, schema } of operation.parameters) {
      if (place === 'path' && schema.pattern !== undefined) {
        const url = operation.path.replace(`{${parameter}}`, 'no%20id').replaceAll(/\{\w+\}/g, 'x');
        await expectFault(await send(operation, { url, ...(body && { body }) }), `path.${parameter}`);
      }
      const isClosed = schema.pattern !== undefined || schema.enum !== undefined || schema.type === 'integer';
      // Those have a code of their own, and are looked at where the list is.
      const isCursor = parameter === 'cursor' || parameter === 'after';
      if (place === 'query' && isClosed && !isCursor) {
        await expectFault(
          await send(operation, { url: `${urlOf(operation)}?${parameter}=%21` }),
          `query.${parameter}`,
        );
      }
    }
    if (operation.parameters.some(({ in: place }) => place === 'query')) {
      await expectFault(
        await send(operation, { url: `${urlOf(operation)}?limti=1` }),
        named(operation, 'query', 'query.limti'),
      );
    }
  });

  it('answers 404 for an id that it does not know', async () => {
    const operation = operationOf(name);
    if (!operation.path.includes('{') || name === 'putAgent') return;
    const body = BODIES[name];
    const answer = await send(operation, { ...(body && { body }) });
    expect(problemCode(answer)).toMatch(/^404 \w+_not_found$/);
    expect(answer.body.detail).toContain('unknown');
  });
});

describe.each(Object.keys(BODIES).filter((name) => !FOREIGN.includes(name)))('the body of %s', (name) => {
  const properties = (schema: Schema) => Object.entries(schema.properties ?? {});

  it('is JSON, UTF-8, and at most 1 MiB', async () => {
    const operation = operationOf(name);
    expect(problemCode(await send(operation, { raw: '{"a":' }))).toBe('400 malformed_json');
    expect(problemCode(await send(operation, { raw: Buffer.from([0x7b, 0xff, 0x7d]) }))).toBe(
      '400 malformed_json',
    );
    expect(problemCode(await send(operation, { raw: `"${'x'.repeat(1_048_576)}"` }))).toBe(
      '413 payload_too_large',
    );
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data',
    ]) {
      const answer = await send(operation, { raw: '{}', headers: { 'content-type': type } });
      expect(problemCode(answer)).toBe('415 unsupported_media_type');
    }
  });

  it('is an object without fields that nobody knows', async () => {
    const operation = operationOf(name);
    for (const body of [[], 'x', 7, true]) await expectFault(await send(operation, { body }), 'body');
    await expectFault(
      await send(operation, { body: { ...BODIES[name], zzz: 1, 'two words': 1 } }),
      named(operation, 'body', 'body.zzz'),
    );
    await expectFault(
      await send(operation, { body: { ...BODIES[name], 'two words': 1 } }),
      named(operation, 'body', 'body["two words"]'),
    );
    if (operation.body?.required) await expectFault(await send(operation), 'body');
  });

  it('has fields of the right type, none missing', async () => {
    const operation = operationOf(name);
    const schema = objectOf(operation.body?.schema ?? {});
    for (const [field, inner] of properties(schema)) {
      const body = { ...BODIES[name], [field]: wrongValue(inner) };
      await expectFault(await send(operation, { body }), `body.${field}`);
      if (isNullable(inner)) continue;
      await expectFault(await send(operation, { body: { ...BODIES[name], [field]: null } }), `body.${field}`);
    }
    for (const field of schema.required ?? []) {
      const { [field]: _, ...body } = BODIES[name] ?? {};
      await expectFault(await send(operation, { body }), `body.${field}`);
    }
  });

  it('has no keys that reach into prototypes, and no bottomless nesting', async () => {
    const operation = operationOf(name);
    await expectFault(
      await send(operation, { raw: '{"a":[{"__proto__":{"x":1}}]}' }),
      named(operation, 'body', 'body.a[0].__proto__'),
    );
    await expectFault(
      await send(operation, { raw: '{"constructor":{"prototype":{}}}' }),
      named(operation, 'body', 'body.constructor'),
    );
    // Without a token only little is taken.
    const levels = name === 'exchangeCode' ? 7_000 : 400_000;
    const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    await expectFault(await send(operation, { raw: `{"a":${deep}}` }), 'body');
  });
});

describe('bad input', () => {
  it('lists every fault of the body, with its path', async () => {
    const body = {
      agent: 'no name',
      clientTools: [{ name: 'ok' }, { name: '!', description: '', inputSchema: [] }],
    };
    expect(pathsOf(await test.post('/v1/turns', body)).toSorted()).toEqual([
      'body.agent',
      'body.clientTools[0].description',
      'body.clientTools[0].inputSchema',
      'body.clientTools[1].inputSchema',
      'body.clientTools[1].name',
      'body.input',
    ]);
  });

  it.each(['0', '201', '-1', '1.5', 'x', ''])('refuses the page size %j', async (limit) => {
    await expectFault(await test.get(`/v1/turns?limit=${limit}`), 'query.limit');
  });

  it('answers a path that cannot be decoded, and one that is too long', async () => {
    expect(problemCode(await test.get('/v1/turns/%zz'))).toBe('400 validation_failed');
    expect(problemCode(await test.get(`/v1/turns/${'x'.repeat(1_000)}`))).toBe('404 not_found');
  });

  it('names the allowed methods where the method is wrong, before it looks at the body', async () => {
    const answer = await test.request('PUT', '/v1/turns', {
      raw: '<',
      headers: { 'content-type': 'text/xml' },
    });
    expect(problemCode(answer)).toBe('405 method_not_allowed');
    expect(answer.headers['allow']).toBe('GET, POST');
    expect((await test.request('HEAD', '/v1/turns')).status).toBe(405);
    expect((await test.request('HEAD', '/healthz')).status).toBe(200);
  });

  it('has changed nothing in all of this', async () => {
    expect(await everything()).toBe(before);
    expect(test.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

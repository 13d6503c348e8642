import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthLogins } from '../support/auth-logins.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);
/** A password in the wrong place. */
const CANARY = 'canary-7Qz';
const LONG = CANARY + 'x'.repeat(20_000);

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  propertyNames?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: { 'application/json'?: { schema: Schema } } };
}
const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
};
const SECRET = /^\/(auth|credentials|profiles|codec|v1\/webhooks)(\/|$)/;
const OPERATIONS = Object.entries(document.paths)
  .filter(([path]) => SECRET.test(path))
  .flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  );

const ids: Record<string, string> = {};
beforeAll(async () => {
  test = await createTestApp();
  const { id } = await auth.asking();
  await test.post('/credentials', { name: 'taken', domain: 'example.com', values: { password: 'p' } });
  ids['/auth'] = id;
  ids['/credentials'] = 'taken';
  ids['/profiles'] = 'profile-1';
  ids['/v1'] = 'wh_none';
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined
    ? schema
    : (document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});

const parts = ({ anyOf = [], oneOf = [], allOf = [] }: Schema) => [...anyOf, ...oneOf, ...allOf];

/** Values that do not fit, with the canary as key and as value, at each place of a schema. */
function misfits(given: Schema, depth = 0): unknown[] {
  const schema = resolved(given);
  const wrong: unknown[] = [
    ...[CANARY, LONG, [CANARY], [{ [CANARY]: CANARY }], { [CANARY]: { [CANARY]: [CANARY] } }],
    ...[{ [LONG]: CANARY }, { a: { [CANARY]: LONG } }],
  ];
  if (depth > 3) return wrong;
  const properties = Object.entries(schema.properties ?? {});
  const inside = properties.flatMap(([name, of]) =>
    misfits(of, depth + 1).map((value) => ({ ...base(schema), [name]: value })),
  );
  const unknown = properties.length > 0 ? [{ ...base(schema), [CANARY]: CANARY, [`${CANARY}-2`]: 1 }] : [];
  const items = schema.items ? misfits(schema.items, depth + 1).map((value) => [value]) : [];
  return [
    ...wrong,
    ...inside,
    ...unknown,
    ...items,
    ...parts(schema).flatMap((of) => misfits(of, depth + 1)),
  ];
}

/** Something for the other fields, so that handlers are reached where one field is wrong in its meaning only. */
function base({ properties = {} }: Schema): Record<string, unknown> {
  const usual: Record<string, unknown> = {
    name: 'taken',
    domain: 'example.com',
    profile_name: 'profile-1',
    values: { password: 'p' },
    url: 'https://example.com/hook',
  };
  return Object.fromEntries(Object.entries(usual).filter(([name]) => name in properties));
}

function pathFor(path: string): string {
  const root = Object.keys(ids).find((prefix) => path.startsWith(prefix)) ?? '';
  return path.replaceAll(/\{[^}]+\}/g, ids[root] ?? 'none');
}

async function expectDiscreet(method: string, url: string, payload?: string): Promise<number> {
  const answer = await test.app.inject({
    method: method as 'POST',
    url,
    headers: { authorization: 'Bearer lt_admin-secret', 'content-type': 'application/json' },
    ...(payload !== undefined && { payload }),
  });
  const told = JSON.stringify([answer.payload, answer.headers]);
  if (answer.statusCode >= 400 && told.includes(CANARY)) {
    throw new Error(`${method} ${url.slice(0, 80)} ${payload?.slice(0, 200)}: ${told.slice(0, 1_000)}`);
  }
  expect(answer.statusCode).toBeLessThan(500);
  return answer.statusCode;
}

describe('an answer of a route that takes secrets', () => {
  it('repeats nothing of a body that it refuses, neither keys nor values, and the log does not either', async () => {
    let refused = 0;
    for (const { path, method, operation } of OPERATIONS) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (!schema) continue;
      const hostile = `{"${CANARY}":{"__proto__":{"${CANARY}":1}}}`;
      const deep = `${`{"${CANARY}":`.repeat(120)}1${'}'.repeat(120)}`;
      const bodies = [...misfits(schema).map((body) => JSON.stringify(body)), hostile, deep];
      for (const body of [...bodies, `{"${CANARY}": ${CANARY}`, CANARY, `"${CANARY}"`]) {
        if ((await expectDiscreet(method, pathFor(path), body)) >= 400) refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(500);
    expect(JSON.stringify(test.log)).not.toContain(CANARY);
  }, 30_000);

  it('repeats nothing of a query that it refuses', async () => {
    let refused = 0;
    for (const { path, method, operation } of OPERATIONS) {
      if (method !== 'GET' || /events|wait|hosted/.test(path)) continue;
      const names = (operation.parameters ?? [])
        .filter((each) => each.in === 'query')
        .map(({ name }) => name);
      for (const name of [...names, CANARY, `a[${CANARY}]`]) {
        const url = `${pathFor(path)}?${encodeURIComponent(name)}=${CANARY}%20${CANARY}`;
        if ((await expectDiscreet(method, url)) >= 400) refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(10);
    expect(JSON.stringify(test.log)).not.toContain(CANARY);
  });

  it('says which names there are', async () => {
    const { body } = await test.post('/credentials', { name: 'a', domain: 'b.example', hunter2: 'x' });
    expect(body['errors']).toContainEqual({
      path: 'body',
      message:
        'has a field of a name that is not known here; there are: name, domain, values, sso_provider, totp_secret',
    });
    const { body: inside } = await test.post('/credentials', {
      ...{ name: 'a', domain: 'b.example', values: { hunter2: 1 } },
    });
    expect(inside['errors']).toEqual([{ path: 'body.values[*]', message: expect.any(String) }]);
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { default as formats } from 'ajv-formats';
import { ProblemCode } from '../../src/contract/index.ts';
import { type OpenApiDocument, type Operation, readOperations } from '../support/operations.ts';
import { seedRunning } from '../support/seed-turns.ts';
import { createTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let document: OpenApiDocument;
let operations: Operation[];
const ajv = new Ajv2020({ strict: false, validateSchema: false });

beforeAll(async () => {
  test = await createTestApp();
  ({ document, operations } = await readOperations(test.app));
  formats.default(ajv);
  ajv.addSchema(document, 'document');
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

/** Compiles the schema at a place in the document. */
function compile(...place: string[]) {
  const pointer = place.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
  return ajv.compile({ $ref: `document#/${pointer.join('/')}` });
}

describe('the documentation pages', () => {
  it('run scripts of this server only', async () => {
    const test = await createTestApp();
    const { headers } = await test.get('/docs/', { token: null });
    await test[Symbol.asyncDispose]();
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
  });
});

describe('the OpenAPI document', () => {
  it('is the committed one', () => {
    expect(document).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
  });

  it('is version 3.1 with a bearer scheme', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(document.security).toEqual([{ bearer: [] }]);
  });

  it('names each operation once, under a declared tag', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const declared = document.tags.map(({ name }: { name: string }) => name);
    for (const { tags } of operations) expect(declared).toEqual(expect.arrayContaining(tags));
  });

  it('has schemas that can be used, with all references', () => {
    const meta = (schema: unknown) =>
      expect(new Ajv2020({ strict: false }).validateSchema(schema as object)).toBe(true);
    for (const schema of Object.values(document.components.schemas)) meta(schema);
    for (const name of Object.keys(document.components.schemas)) compile('components', 'schemas', name);
    for (const { path, method, responses, body } of operations) {
      const place = ['paths', path, method.toLowerCase()];
      if (body) compile(...place, 'requestBody', 'content', 'application/json', 'schema');
      for (const [status, { content }] of Object.entries(responses)) {
        for (const type of Object.keys(content ?? {}))
          compile(...place, 'responses', status, 'content', type, 'schema');
      }
    }
  });

  it('documents every problem code, each error as problem+json', () => {
    const text = JSON.stringify(operations.map(({ responses }) => responses));
    const unroutable: ProblemCode[] = ['not_found', 'method_not_allowed'];
    for (const code of ProblemCode.options) {
      if (!unroutable.includes(code)) expect(text).toContain(`\`${code}\``);
    }
    for (const { responses } of operations) {
      for (const [status, { content }] of Object.entries(responses)) {
        if (Number(status) >= 400) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      }
    }
  });

  it('describes what is answered', async () => {
    const turn = await seedRunning(test.store);
    const get = async (url: string, path: string) => {
      const validate = compile(
        'paths',
        path,
        'get',
        'responses',
        '200',
        'content',
        'application/json',
        'schema',
      );
      const { body } = await test.get(url, { headers: { accept: 'application/json' } });
      validate(body);
      expect(validate.errors).toBeNull();
    };
    await get(`/v1/turns/${turn.id}`, '/v1/turns/{id}');
    await get(`/v1/turns/${turn.id}/events`, '/v1/turns/{id}/events');
    await get('/v1/turns', '/v1/turns');
    await get('/v1/agents', '/v1/agents');
    await get('/v1/tokens', '/v1/tokens');
    await get(`/v1/sessions/${turn.sessionId}`, '/v1/sessions/{id}');
  });

  it('is shown at /docs without a token', async () => {
    const page = await test.get('/docs/', { token: null });
    expect(page.status).toBe(200);
    expect(page.body).toContain('swagger-ui');
    expect((await test.get('/openapi.json', { token: null })).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readOperations } from '../support/operations.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

describe('a number in a query', () => {
  const places = [
    '/credentials?offset=',
    '/profiles?limit=',
    '/auth/connections?offset=',
    '/v1/turns?limit=',
    '/v1/notes?limit=',
  ];
  it.each(places)('is in digits: %s', async (place) => {
    expect((await test.get(`${place}1`)).status).toBe(200);
    for (const text of ['', '0x10', '1e1', '%201', '1.0', '%2B1', '%D9%A1']) {
      const answer = await test.get(place + text);
      expect([text, problemCode(answer)]).toEqual([text, '400 validation_failed']);
    }
  });
});

describe('the body null', () => {
  const headers = { 'content-type': 'application/json' };
  it('is another than none', async () => {
    const { status, body } = await test.request('POST', '/profiles', { raw: 'null', headers });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'body' }] });
    expect((await test.request('POST', '/profiles')).status).toBe(201);
  });
});

describe('an object with tens of thousands of fields', () => {
  it('is refused by their number, before each of them is looked at', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 1]));
    const answer = await test.post('/v1/turns', { agent: 'helper', input: 'x', metadata });
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(answer.body).toMatchObject({
      errors: [{ path: 'body', message: 'has an object with more than 10000 fields' }],
    });
  });
});

describe('a repeat of a turn that was deleted', () => {
  it('is answered as the document says', async () => {
    const { operations } = await readOperations(test.app);
    const statuses = operations
      .filter(({ id }) => /^re(try|run)Turn$/.test(id))
      .map((each) => Object.keys(each.responses));
    expect(statuses).toHaveLength(2);
    for (const each of statuses) expect(each).toContain('410');
  });
});

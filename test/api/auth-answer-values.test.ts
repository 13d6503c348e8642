import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FlowView } from '../../src/contract/index.ts';
import { initialFlowState } from '../../src/core/auth/flow-state.ts';
import { toFlowView } from '../../src/core/auth/vendor-view.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { aField, aForm } from '../support/scripted-browser.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeEach(async () => {
  test = await createTestApp();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const LIBRARIES = [
  { value: 'CPL', label: 'Centerville' },
  { value: 'FFL', label: 'Fairfield' },
];

/** What the workflow would have stored. */
function asking(): Partial<FlowView> {
  const fields = [
    aField('password'),
    aField('branch', { type: 'select', legacyType: 'text', label: 'Library', options: LIBRARIES }),
    aField('consent', { type: 'checkbox', legacyType: 'text', label: 'I agree' }),
    aField('dob', { type: 'date', legacyType: 'text', label: 'Date of birth', required: false }),
    aField('password_character_1', { type: 'password', label: 'Character 2 of the password', position: 2 }),
  ];
  const state = initialFlowState({ flowId: 'f', type: 'LOGIN', expiresAt: '', hostedUrl: null });
  const question = { interactionId: 'int_1', page: aForm(fields), asked: fields, known: [], rejected: false };
  const view = toFlowView({ ...state, phase: { type: 'asking', question } });
  const { flow_step, interaction_id, fields: asked, discovered_fields } = view;
  return { flow_step, interaction_id, fields: asked, discovered_fields, choices: [] };
}

const GOOD = {
  password: 'canary',
  branch: 'Fairfield',
  consent: 'true',
  dob: '1990-12-01',
  password_character_1: 'x',
};

async function begin() {
  const login = await auth.asking();
  await auth.advance(login, asking());
  return login;
}

describe('an answer to a select, a box or a date', () => {
  it('is asked for by its type in the newer shape, and as a text that says what it takes in the older one', async () => {
    const login = await begin();
    const { body } = await test.get(`/auth/connections/${login.id}`);
    expect(body.fields.map(({ type }: { type: string }) => type)).toEqual([
      'password',
      'select',
      'checkbox',
      'date',
      'password',
    ]);
    expect(body.fields[1]).toMatchObject({ options: LIBRARIES });
    expect(body.fields[1]).not.toHaveProperty('asked_as');
    expect(body.fields[4]).toMatchObject({ position: 2 });
    expect(body.discovered_fields.slice(1, 4)).toMatchObject([
      { type: 'text', hint: 'One of: Centerville, Fairfield.' },
      { type: 'text', hint: 'Answer "true" or "false".' },
      { type: 'text', hint: 'A date as YYYY-MM-DD.' },
    ]);
  });

  it('is stored in a type that an API of the release before knows', async () => {
    const [select] = asking().fields?.slice(1) ?? [];
    expect(select).toMatchObject({ type: 'text', asked_as: 'select', options: LIBRARIES });
  });

  it.each([
    ['branch', 'CPL'],
    ['branch', ' fairfield '],
    ['consent', 'false'],
    ['dob', ''],
    ['password_character_1', '𝒳'],
  ])('is accepted: %s %j', async (name, value) => {
    const login = await begin();
    expect((await auth.submit(login.id, { fields: { ...GOOD, [name]: value } })).status).toBe(202);
  });

  it.each([
    ['branch', 'Springfield canary-1', 'one of "Centerville" ("CPL"), "Fairfield" ("FFL")'],
    ['branch', '', 'is required'],
    ['consent', 'canary-1', '"true" or "false"'],
    ['dob', '2001-02-30', 'YYYY-MM-DD'],
    ['password', '', 'is required'],
    ['password_character_1', 'canary-1', 'must be one character: number 2'],
  ])('is refused by name, and the question stays open: %s %j', async (name, value, message) => {
    const login = await begin();
    const refused = await auth.submit(login.id, { fields: { ...GOOD, [name]: value } });
    expect(problemCode(refused)).toBe('400 validation_failed');
    expect(refused.body.errors).toMatchObject([
      { path: `body.fields.${name}`, message: expect.stringContaining(message) },
    ]);
    expect(JSON.stringify(refused.body)).not.toContain('canary-1');
    expect(test.authGateway.of('submit')).toEqual([]);
    expect((await test.get(`/auth/connections/${login.id}`)).body).toMatchObject({ interaction_id: 'int_1' });
    expect((await auth.submit(login.id, { fields: GOOD })).status).toBe(202);
  });

  it('is refused under the id of the field too', async () => {
    const login = await begin();
    const id = asking().fields?.[1]?.id ?? '';
    const refused = await auth.submit(login.id, { field_values: { [id]: 'Springfield' } });
    expect(refused.body.errors).toMatchObject([
      { path: `body.field_values.${id}`, message: expect.stringMatching(/^"Library" must be one of/) },
    ]);
  });
});

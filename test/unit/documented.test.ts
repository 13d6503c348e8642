import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { z } from 'zod';
import { answerIn } from '../../src/api/auth/operations/submit-mode.ts';
import { ApproveBody, CheckedDecision } from '../../src/api/schemas.ts';
import {
  AllowedDomain,
  CreateCredentialBody,
  CredentialReference,
  Duration,
  GivenDomain,
  Metadata,
  SteerBody,
  SubmitBody,
} from '../../src/contract/index.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const documentOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** Whether the API's document takes a value, and whether the API does. */
function expectAgreement(
  schema: z.ZodType,
  takes: (value: unknown) => boolean,
  values: fc.Arbitrary<unknown>,
) {
  const isDocumented = ajv.compile(documentOf(schema));
  fc.assert(
    fc.property(values, (value) => {
      expect([value, isDocumented(value)]).toEqual([value, takes(value)]);
    }),
    { seed: 9, numRuns: 400 },
  );
}

const text = fc.constantFrom('', 'x');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Each of the fields or not. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

describe('what the document says of a body', () => {
  it('is which answers to a login go together', () => {
    const values = some({
      interaction_id: fc.constant('int_1'),
      fields: fc.constantFrom({}, { a: 'b' }),
      field_values: fc.constantFrom({}, { a: 'b' }),
      selected_choice_id: text,
      sso_provider: text,
      mfa_option_id: text,
    });
    const takes = (value: unknown) => {
      try {
        return answerIn(SubmitBody.parse(value)) !== undefined;
      } catch {
        return false;
      }
    };
    expectAgreement(SubmitBody, takes, values);
  });

  it.each<[string, z.ZodType, fc.Arbitrary<unknown>]>([
    [
      'where a credential comes from',
      CredentialReference,
      some({
        name: fc.constant('a'),
        provider: fc.constant('b'),
        path: fc.constant('c'),
        auto: fc.boolean(),
      }).filter((value) => !(value['name'] !== undefined && value['auto'] === false)),
    ],
    [
      'what goes with a decision',
      CheckedDecision,
      some({
        action: fc.constantFrom('allow', 'deny', 'always', 'respond'),
        content: text,
        input: fc.constant({}),
        message: text,
        grant: fc.constant({}),
      }),
    ],
    [
      'what goes with a decision of a session',
      ApproveBody,
      fc
        .record({
          action: fc.constantFrom('allow', 'deny', 'always'),
          tool_name: maybe(text),
          content: maybe(text),
          input: maybe(fc.constant({})),
          message: maybe(text),
        })
        .map((value) => ({ call_id: 'c', ...JSON.parse(JSON.stringify(value)) })),
    ],
    [
      'how many labels there are',
      Metadata,
      fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), text, { maxKeys: 30 }),
    ],
    ['that a message is not blank', SteerBody, fc.string({ unit: 'binary' }).map((message) => ({ message }))],
  ])('is %s', (_, schema, values) => {
    expectAgreement(schema, (value) => schema.safeParse(value).success, values);
  });
});

describe('the pattern of a text', () => {
  it.each<[string, z.ZodType]>([
    ['a duration', Duration],
    ['a domain', GivenDomain],
    ['an allowed domain', AllowedDomain],
    ['a TOTP secret', CreateCredentialBody.shape.totp_secret],
  ])('of %s is one that is taken', (_, schema) => {
    const { pattern = '' } = documentOf(schema) as { pattern?: string };
    expect(pattern).not.toBe('');
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(pattern, 'u')), (value) => {
        expect([value, value.length > 255 || schema.safeParse(value).success]).toEqual([value, true]);
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  it.each(['0s', '367d', '8785h', '527041m', '31622401s', '1', '-1s', '01s'])(
    'of a duration is not that of %s',
    (value) => {
      expect(new RegExp((documentOf(Duration) as { pattern: string }).pattern).test(value)).toBe(false);
      expect(Duration.safeParse(value).success).toBe(false);
    },
  );
});

import { z } from 'zod';
import { Instant } from '../json.ts';
import { ChoiceType, FieldType, FlowErrorCode } from './vocabulary.ts';

const ms = (description: string) => z.number().int().min(0).describe(description);

/** What a page was taken for. `none`: a page that asks for nothing. */
export const StepPurpose = z.enum([
  'login',
  'code',
  'change_password',
  'choice',
  'external',
  'logged_in',
  'blocked',
  'none',
]);
export type StepPurpose = z.infer<typeof StepPurpose>;

/** What was read of a page: no text of the site, no value. */
export const StepPage = z.object({
  purpose: StepPurpose,
  url: z
    .string()
    .describe('Origin and path; parts of the path that look like an id or an address are left out.'),
  fields: z.array(
    z.object({
      ref: z.string().describe('Key under which a credential keeps the value.'),
      type: FieldType,
      required: z.boolean(),
    }),
  ),
  labels: z.number().int().min(0).describe('How many of the fields have a label.'),
  choices: z.array(z.object({ type: ChoiceType, count: z.number().int().min(1) })),
  complaint: z.boolean().describe('The site showed a complaint since the last act.'),
  sso_provider: z.string().optional(),
});
export type StepPage = z.infer<typeof StepPage>;

/** What was decided about a page, and why. */
export const StepDecision = z.object({
  kind: z.enum(['act', 'ask', 'wait', 'fail']),
  why: z
    .enum(['known', 'choice', 'lacking', 'refused', 'attempts_counted', 'elsewhere', 'nobody'])
    .describe(
      '`known`: everything is stored. `choice`: only a choice is offered, or one is known. `lacking`: something is not stored. ' +
        '`refused`: the site showed the same form again. `attempts_counted`: the site counts the attempts that remain. ' +
        '`elsewhere`: something has to happen elsewhere. `nobody`: a re-auth has nobody to ask.',
    ),
  asked: z.array(z.string()).describe('Keys of the values that a person is asked for.'),
  known: z.array(z.string()).describe('Keys of the values that are filled in without asking.'),
});
export type StepDecision = z.infer<typeof StepDecision>;

/** What was done with a page, and whether it reached the site. */
export const StepAct = z.object({
  filled: z.array(z.object({ ref: z.string(), from: z.enum(['person', 'credential', 'totp']) })),
  choice: ChoiceType.optional(),
  submitted: z.boolean(),
  outcome: z.enum(['done', 'not_sent', 'unknown']),
  reason: z
    .enum([
      'value_gone',
      'totp_used',
      'provider_failed',
      'form_changed',
      'other_site',
      'read_only',
      'not_entered',
      'answer_missing',
      'page_left',
    ])
    .optional()
    .describe('Why nothing was sent, where that is known.'),
  took_ms: ms('From the beginning of the act until the page that followed was read.'),
});
export type StepAct = z.infer<typeof StepAct>;

/** What came after a page. */
export const StepResult = z.enum([
  'next_page',
  'rejected',
  'not_sent',
  'unknown',
  'blocked',
  'logged_in',
  'browser_lost',
  'failed',
  'expired',
  'canceled',
]);
export type StepResult = z.infer<typeof StepResult>;

/** One page of a login, as it is stored: what was seen, decided and done, and what came. */
export const StepFacts = z.object({
  n: z.number().int().min(1).describe('Place in the login, from 1.'),
  at: Instant.describe('When the page was read, or could not be opened.'),
  read_ms: ms('From the opening, the act or the wait before until the page was read.'),
  page: StepPage.optional().describe('Absent: no page could be opened.'),
  decision: StepDecision.optional(),
  waited_ms: ms('How long a person, or something elsewhere, was waited for.').optional(),
  act: StepAct.optional(),
  result: StepResult.optional().describe('Absent: not known yet.'),
  error_code: FlowErrorCode.optional(),
});
export type StepFacts = z.infer<typeof StepFacts>;

export const TimelineStep = StepFacts.extend({
  text: z.string().describe('The same in words.'),
});
export type TimelineStep = z.infer<typeof TimelineStep>;

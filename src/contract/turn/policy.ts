import { z } from 'zod';

/** Whether a person must decide before a tool call is executed. */
export const Gate = z.enum(['allow', 'ask', 'deny']);
export type Gate = z.infer<typeof Gate>;

/** Globs by argument path (`path`, `options.depth`); every named argument must match. */
export const ArgumentGlobs = z
  .record(z.string().min(1).max(200), z.string().max(1_000).meta({ minLength: 1 }))
  .refine((globs) => Object.keys(globs).length <= 32, 'at most 32 arguments')
  .meta({ maxProperties: 32 });
export type ArgumentGlobs = z.infer<typeof ArgumentGlobs>;

export const PolicyRule = z.strictObject({
  tool: z.string().min(1).max(200).describe('Tool name or glob.'),
  args: ArgumentGlobs.optional(),
  gate: Gate,
  reason: z.string().max(500).optional().describe('Shown to the person, and to the model on deny.'),
  grantable: z.boolean().optional().describe('Default true. False: asks every time, refuses `always`.'),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** Longest policy, in UTF-16 units of its JSON. */
const MAX_POLICY = 200_000;

/**
 * Who may do what without asking. A matching `deny` wins; then a grant in force; then `ask`; then `allow`;
 * then `default`; then the tool's own gate; then `ask`.
 */
export const Policy = z
  .strictObject({
    default: Gate.optional(),
    rules: z.array(PolicyRule).max(200).default([]),
  })
  // It is pinned in the turn's history.
  .refine(
    (policy) => JSON.stringify(policy).length <= MAX_POLICY,
    `at most ${MAX_POLICY} characters of JSON`,
  );
export type Policy = z.infer<typeof Policy>;

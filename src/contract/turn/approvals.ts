import { z } from 'zod';
import { CallId, GrantId, SessionId, TurnId } from '../ids.ts';
import { Digest, Instant, JsonObject } from '../json.ts';
import { ArgumentGlobs } from './policy.ts';
import { ToolName } from './tools.ts';

export const DecisionAction = z.enum(['allow', 'deny', 'always', 'respond']);
export type DecisionAction = z.infer<typeof DecisionAction>;

/** How an approval came to its end; `granted` and `policy` are automatic. */
export const ResolvedAction = z.enum(['allow', 'deny', 'always', 'respond', 'expired', 'granted', 'policy']);
export type ResolvedAction = z.infer<typeof ResolvedAction>;

/** Who decided: the token used, never its secret. */
export const Actor = z.object({ tokenId: z.string(), name: z.string() });
export type Actor = z.infer<typeof Actor>;

/** Longest glob matcher of a grant, in UTF-16 units of its JSON: a session has hundreds of grants. */
const MAX_MATCHER = 2_000;

/** Which calls a grant covers. Absent: every call of the tool. */
export const GrantMatcher = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact') }).describe('Exactly the arguments of the call decided on.'),
  z
    .strictObject({ kind: z.literal('glob'), args: ArgumentGlobs })
    .refine(({ args }) => JSON.stringify(args).length <= MAX_MATCHER, {
      path: ['args'],
      message: `must be at most ${MAX_MATCHER} characters of JSON`,
    })
    .describe('A glob per argument; an empty map covers only calls without arguments.'),
]);
export type GrantMatcher = z.infer<typeof GrantMatcher>;

export const GrantScope = z.enum(['turn', 'session']);
export type GrantScope = z.infer<typeof GrantScope>;

/** What a decision `always` asks to remember. */
export const GrantRequest = z.strictObject({
  scope: GrantScope.default('session'),
  matcher: GrantMatcher.optional(),
  expiresAt: Instant.optional(),
  maxUses: z.number().int().min(1).max(1_000_000).optional(),
});
export type GrantRequest = z.infer<typeof GrantRequest>;

/** A remembered decision. */
export const Grant = z.object({
  id: GrantId,
  sessionId: SessionId,
  turnId: TurnId.describe('The turn in which it was given; its only turn when the scope is `turn`.'),
  callId: CallId.describe('The call whose decision gave it.'),
  tool: ToolName,
  locus: z.enum(['server', 'mcp', 'client']),
  scope: GrantScope,
  matcher: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('exact'), inputDigest: Digest }),
      z.object({ kind: z.literal('glob'), args: ArgumentGlobs }),
    ])
    .optional(),
  grantedBy: Actor,
  grantedAt: Instant,
  expiresAt: Instant.optional(),
  maxUses: z.number().int().optional(),
  uses: z.number().int().describe('How often it was used; counted only where `maxUses` is set.'),
  revokedAt: Instant.optional(),
});
export type Grant = z.infer<typeof Grant>;

/** Body of `POST /v1/turns/{id}/calls/{callId}/decision`. */
export const DecisionBody = z.strictObject({
  action: DecisionAction,
  toolName: z.string().max(64).optional().describe('An assertion: must be the tool of the call (409).'),
  input: JsonObject.optional().describe('Edited input, with allow or always.'),
  content: z.string().max(900_000).optional().describe("The call's result: with respond, or allow/always."),
  message: z.string().max(4_000).optional().describe('What the model is told on deny.'),
  grant: GrantRequest.optional().describe('With always: what to remember.'),
});
export type DecisionBody = z.infer<typeof DecisionBody>;

/** Body of `POST /v1/turns/{id}/calls/{callId}/result`. */
export const ResultBody = z.strictObject({
  content: z.string().max(900_000),
  isError: z.boolean().optional(),
});
export type ResultBody = z.infer<typeof ResultBody>;

export const ApprovalStatus = z.enum(['pending', 'allowed', 'denied', 'answered', 'expired']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

/** The record of one approval: what was asked, who decided, when and via what. */
export const Approval = z.object({
  callId: CallId,
  turnId: TurnId,
  sessionId: SessionId,
  agent: z.string(),
  tool: z.string(),
  input: JsonObject,
  inputDigest: Digest,
  status: ApprovalStatus,
  allowedActions: z.array(DecisionAction),
  requestedAt: Instant,
  expiresAt: Instant.optional(),
  action: ResolvedAction.optional(),
  by: Actor.optional(),
  via: z.string().optional().describe('`update`, `signal`, `timer`, `grant`, `turn_ended`.'),
  decidedAt: Instant.optional(),
  message: z.string().optional(),
  editedInput: JsonObject.optional(),
  grantId: GrantId.optional(),
  decisionId: z.string().optional(),
});
export type Approval = z.infer<typeof Approval>;

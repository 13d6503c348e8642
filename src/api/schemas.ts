import { z } from 'zod';
import { implied, without } from '../contract/documented.ts';
import {
  CallId,
  ConnectionId,
  DecisionBody,
  GrantId,
  JsonObject,
  NAME_PATTERN,
  ProfileName,
  SessionId,
  TurnId,
} from '../contract/index.ts';

export { Accepted, ResultReceipt } from '../contract/index.ts';

/** Query of a single stream of events. */
export const AfterQuery = z.strictObject({
  after: z.string().min(1).max(100).optional().meta({
    pattern: '^\\d{1,9}\\.\\d{1,9}(\\.\\d{1,9})?$',
    description: 'Cursor, the `id` of a frame; the header Last-Event-ID wins over it.',
  }),
});

/** Frames, not one document: nothing is serialised by this schema. */
export const EventStream = {
  description: 'Server-sent events, one JSON `data` line each.',
  content: { 'text/event-stream': { schema: z.string() } },
};

/** Answer 204. */
export const NoContent = z.undefined().describe('Done.');

/** Headers of what starts a turn. */
export const IdempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1–255 visible ASCII characters')
    .optional()
    .describe('The same key gives the same turn for 7 days; per token.'),
});

export const TurnPath = z.object({ id: TurnId });
export const CallPath = z.object({ id: TurnId, callId: CallId });
export const SessionPath = z.object({ id: SessionId });
export const ConnectionPath = z.object({ id: ConnectionId });
export const ProfilePath = z.object({ id: ProfileName.describe("The profile's id or name.") });
const MadeId = z.string().regex(NAME_PATTERN, 'must be 1–64 letters, digits, "_" or "-"');
export const WebhookPath = z.object({ id: MadeId.describe('Id of a webhook.') });
export const DeliveryPath = WebhookPath.extend({
  deliveryId: MadeId.describe('Id of one message to a webhook.'),
});
export const GrantPath = z.object({ id: SessionId, grantId: GrantId });

function withAction(...actions: string[]): object {
  return { properties: { action: { enum: actions } }, required: ['action'] };
}

/** Which field may come with which action; checked with the shape, so that a wrong mix is 400. */
export const CheckedDecision = DecisionBody.superRefine((decision, context) => {
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message, input: decision });
  const { action } = decision;
  const allows = action === 'allow' || action === 'always';
  if (action === 'respond' && decision.content === undefined) refuse('content', 'is required with respond');
  if (action === 'deny' && decision.content !== undefined) refuse('content', 'does not go with deny');
  if (!allows && decision.input !== undefined) refuse('input', 'goes with allow and always only');
  if (action !== 'deny' && decision.message !== undefined) refuse('message', 'goes with deny only');
  if (action !== 'always' && decision.grant !== undefined) refuse('grant', 'goes with always only');
}).meta({
  allOf: [
    implied(withAction('respond'), { required: ['content'], properties: without('input') }),
    implied(withAction('deny'), { properties: without('content', 'input') }),
    implied(withAction('allow', 'always', 'respond'), { properties: without('message') }),
    implied(withAction('allow', 'deny', 'respond'), { properties: without('grant') }),
  ],
});

const WireCallId = z.string().min(1).max(64);

/** Body of `POST /v1/sessions/{id}/approve`. */
export const ApproveBody = z
  .strictObject({
    call_id: WireCallId,
    action: z.enum(['allow', 'deny', 'always']),
    tool_name: z.string().max(200).optional().describe('Required for allow and always.'),
    content: z.string().max(900_000).optional().describe("The call's result, where the client has it."),
    input: JsonObject.optional().describe('Edited input, with allow or always.'),
    message: z.string().max(4_000).optional().describe('What the model is told on deny.'),
  })
  .superRefine((body, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: body });
    const denies = body.action === 'deny';
    if (!denies && !body.tool_name) refuse('tool_name', `is required with ${body.action}`);
    if (denies && body.content !== undefined) refuse('content', 'does not go with deny');
    if (denies && body.input !== undefined) refuse('input', 'goes with allow and always only');
    if (!denies && body.message !== undefined) refuse('message', 'goes with deny only');
  })
  .meta({
    allOf: [
      implied(withAction('deny'), { properties: without('content', 'input') }),
      implied(withAction('allow', 'always'), {
        required: ['tool_name'],
        properties: { ...without('message'), tool_name: { minLength: 1 } },
      }),
    ],
  });
export type ApproveBody = z.infer<typeof ApproveBody>;

/** Body of `POST /v1/sessions/{id}/tool_result`. */
export const ToolResultBody = z.strictObject({
  call_id: WireCallId,
  content: z.string().max(900_000),
  tool_name: z.string().max(200).optional().describe('An assertion: must be the tool of the call (409).'),
  is_error: z.boolean().optional(),
});

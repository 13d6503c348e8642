import { z } from 'zod';
import { AgentName } from './ids.ts';
import { Digest, Duration, Instant } from './json.ts';
import { NoteTerms } from './notes.ts';
import { Policy } from './turn/policy.ts';
import { ClientTool, ToolName } from './turn/tools.ts';

/** Bounds of a turn. */
export const Limits = z.strictObject({
  maxSteps: z.number().int().min(1).max(1_000).default(32).describe('Most model calls in a turn.'),
  maxTokens: z.number().int().min(1).optional().describe('Most input and output tokens in a turn, together.'),
  deadline: Duration.optional().describe('Longest time from the start of the turn to its end.'),
  modelPatience: Duration.optional().describe(
    'How long a step goes on asking a model that fails, from its first failure; default 1h. The deadline wins.',
  ),
});
export type Limits = z.infer<typeof Limits>;

/** Limits as a client may narrow them for one turn. */
export const LimitsInput = z.strictObject({
  maxSteps: z.number().int().min(1).max(1_000).optional(),
  maxTokens: z.number().int().min(1).optional(),
  deadline: Duration.optional(),
  modelPatience: Duration.optional(),
});
export type LimitsInput = z.infer<typeof LimitsInput>;

export const ApprovalTerms = z.strictObject({
  expiresAfter: Duration.default('24h'),
  onExpiry: z.literal('deny').default('deny'),
});
export type ApprovalTerms = z.infer<typeof ApprovalTerms>;

/** What is done when a conversation grows too long for its model. What models are shown is changed, the transcript is not. */
export const ContextTerms = z.strictObject({
  strategy: z
    .enum(['summarize', 'clear_tool_results', 'none'])
    .describe(
      '`clear_tool_results`: old tool results are named only. `summarize`: the model summarizes what is old. `none`: nothing is changed, and a conversation that is too long fails the turn.',
    ),
  at: z
    .number()
    .min(0.1)
    .max(0.95)
    .default(0.8)
    .describe("From which share of the model's window on it is done."),
  window: z
    .number()
    .int()
    .min(500)
    .max(100_000_000)
    .optional()
    .describe("The model's window in tokens, where it is not a known model or is to be smaller."),
});
export type ContextTerms = z.infer<typeof ContextTerms>;

/** What an agent's commands and files may take up, where that is to be less than its worker allows (`LONGTURN_SANDBOX_…`). */
export const SandboxTerms = z.strictObject({
  memoryMiB: z
    .number()
    .int()
    .min(16)
    .max(16_777_216)
    .optional()
    .describe('Most memory of its commands, together, in MiB.'),
  processes: z
    .number()
    .int()
    .min(8)
    .max(1_000_000)
    .optional()
    .describe('Most processes and threads of its commands, together.'),
  workspaceMiB: z
    .number()
    .int()
    .min(1)
    .max(16_777_216)
    .optional()
    .describe('Most that its workspace takes up, in MiB.'),
});
export type SandboxTerms = z.infer<typeof SandboxTerms>;

/** `provider/model`, such as `rehearsal/script` or `anthropic/claude-sonnet-4-5`. */
export const ModelName = z
  .string()
  .regex(/^[a-z0-9-]+\/[^\s/][^\s]{0,199}$/, 'must be provider/model, such as rehearsal/script');

/** An agent: instructions, model, tools, policy, limits. */
export const AgentDefinition = z.strictObject({
  name: AgentName,
  description: z.string().max(1_000).default(''),
  model: ModelName,
  instructions: z.string().max(200_000).default(''),
  tools: z.array(ToolName, 'must be a list, such as [read_file, list_files]').max(128).default([]),
  clientTools: z.array(ClientTool).max(128).default([]),
  policy: Policy.default({ rules: [] }),
  limits: Limits.default({ maxSteps: 32 }),
  approval: ApprovalTerms.default({ expiresAfter: '24h', onExpiry: 'deny' }),
  context: ContextTerms.optional().describe('Default: `clear_tool_results` at 0.8.'),
  notes: NoteTerms.optional().describe('Default: its own.'),
  sandbox: SandboxTerms.optional().describe('Narrows what the worker allows.'),
  deploy: z
    .enum(['auto_upgrade', 'pinned'])
    .optional()
    .describe(
      'With worker versioning: `pinned` turns end on the build they began on; others move to the current one (default).',
    ),
});
export type AgentDefinition = z.infer<typeof AgentDefinition>;

/** Body of `PUT /v1/agents/{name}`: the definition; the name comes from the path. */
export const PutAgentBody = AgentDefinition.omit({ name: true });
export type PutAgentBody = z.infer<typeof PutAgentBody>;

/** A definition in force. */
export const Agent = AgentDefinition.extend({
  digest: Digest,
  source: z.enum(['file', 'api']).describe('Where the definition in force came from.'),
  updatedAt: Instant,
});
export type Agent = z.infer<typeof Agent>;

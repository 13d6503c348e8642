import { z } from 'zod';
import { JsonObject } from '../json.ts';
import { Gate } from './policy.ts';

export const ToolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, "_" or "-"');

/** Who executes a tool. */
export const Locus = z.enum(['server', 'mcp', 'client']);
export type Locus = z.infer<typeof Locus>;

/** A tool that the client executes; the server only asks for the result. */
export const ClientTool = z.strictObject({
  name: ToolName,
  description: z.string().max(4_000),
  inputSchema: JsonObject.describe('JSON Schema of the input; its type is object.'),
});
export type ClientTool = z.infer<typeof ClientTool>;

/**
 * What an argument stands for, so that a policy judges the value that the tool will use. `path`: of the workspace; `url`: a web
 * address; `name`: compared without case; `text`: anything. `default`: what the tool takes where the argument is absent.
 */
export const Subject = z.object({
  kind: z.enum(['path', 'url', 'name', 'text']),
  default: z.string().optional(),
});
export type Subject = z.infer<typeof Subject>;

/** By argument path. */
export const Subjects = z.record(z.string(), Subject);
export type Subjects = z.infer<typeof Subjects>;

/** One entry of a turn's pinned catalogue. */
export const CatalogueTool = z.object({
  name: ToolName,
  description: z.string(),
  inputSchema: JsonObject,
  locus: Locus,
  idempotent: z.boolean().describe('May be attempted again with the same key.'),
  gate: Gate.describe("The tool's own gate, where the policy says nothing."),
  timeoutMs: z.number().int().positive().describe('Longest time of one execution, in milliseconds.'),
  subjects: Subjects.optional().describe('What arguments stand for, where the tool says so.'),
});
export type CatalogueTool = z.infer<typeof CatalogueTool>;

import type { z } from 'zod';
import type { Json } from '../contract/index.ts';
import { schemaProblems } from './schema-problems.ts';
import { type Tool, ToolError } from './tool.ts';

/**
 * Makes a typed tool one that the registry can hold: its `run` takes any JSON and checks it by the tool's own schema
 * first. Throws {@link ToolError} `input_invalid` with every problem listed.
 */
export function defineTool<Input>(tool: Tool<Input>): Tool {
  return {
    ...tool,
    input: tool.input as z.ZodType<Json>,
    async run(input, context) {
      const parsed = tool.input.safeParse(input);
      if (!parsed.success) throw new ToolError('input_invalid', describe(tool.name, parsed.error));
      return tool.run(parsed.data, context);
    },
  };
}

function describe(tool: string, error: z.ZodError): string {
  const lines = schemaProblems(error).map(({ path, message }) => `- ${path || 'input'}: ${message}`);
  return [`The input of ${tool} does not fit its schema:`, ...lines].join('\n');
}

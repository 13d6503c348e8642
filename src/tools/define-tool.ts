import type { z } from 'zod';
import type { Json } from '../contract/index.ts';
import { type Tool, ToolError } from './tool.ts';

/**
 * Makes a typed tool one that the registry can hold: its `run` takes any JSON and parses it by the tool's own schema, once.
 * Throws {@link ToolError} `invalid_input` with every problem listed.
 */
export function defineTool<Input>(tool: Tool<Input>): Tool {
  return {
    ...tool,
    input: tool.input as z.ZodType<Json>,
    async run(input, context) {
      const parsed = tool.input.safeParse(input);
      if (!parsed.success) throw new ToolError('invalid_input', describe(parsed.error));
      return tool.run(parsed.data, context);
    },
  };
}

function describe({ issues }: z.ZodError): string {
  return issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
}

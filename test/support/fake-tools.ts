import { z } from 'zod';
import type { CatalogueTool, Gate, JsonObject, Subjects } from '../../src/contract/index.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import { type Tool, type ToolContext, ToolError, type ToolRegistry } from '../../src/tools/tool.ts';

/** A tool whose side effects are counted. */
export interface FakeTool {
  tool: Tool;
  /** The calls that it was executed for, in order, with what it was given. */
  executions: { callId: string; turnId: string; input: JsonObject }[];
  /** How often it was executed in a turn. */
  count(turnId: string): number;
}

export interface FakeToolSketch {
  name: string;
  /** Default false. */
  idempotent?: boolean;
  /** Default `allow`. */
  gate?: Gate;
  timeoutMs?: number;
  input?: z.ZodType;
  subjects?: Subjects;
  /** Default: says `<name> done`. */
  run?: (input: JsonObject, context: ToolContext) => Promise<string>;
}

export function fakeTool(sketch: FakeToolSketch): FakeTool {
  const { name, idempotent = false, gate = 'allow', timeoutMs = 10_000, run } = sketch;
  const executions: FakeTool['executions'] = [];
  return {
    executions,
    count: (turnId) => executions.filter((execution) => execution.turnId === turnId).length,
    tool: defineTool({
      name,
      description: `Test tool ${name}.`,
      input: (sketch.input ?? z.looseObject({})) as Tool['input'],
      ...(sketch.subjects && { subjects: sketch.subjects }),
      idempotent,
      gate,
      timeoutMs,
      async run(input, context) {
        executions.push({ callId: context.callId, turnId: context.turnId, input: input as JsonObject });
        return run ? await run(input as JsonObject, context) : `${name} done`;
      },
    }),
  };
}

/** A tool error as the model reads it. */
export function toolError(code: string, message: string): ToolError {
  return new ToolError(code, message);
}

/** The given registry with more tools in it. */
export function withTools(builtIn: ToolRegistry, added: FakeTool[]): ToolRegistry {
  const tools = new Map(added.map(({ tool }) => [tool.name, tool]));
  return {
    names: () => [...builtIn.names(), ...tools.keys()],
    get: (name) => tools.get(name) ?? builtIn.get(name),
    describe(name) {
      const tool = tools.get(name);
      return tool ? entryOf(tool) : builtIn.describe(name);
    },
  };
}

function entryOf({ name, description, subjects, idempotent, gate, timeoutMs }: Tool): CatalogueTool {
  return {
    name,
    description,
    inputSchema: { type: 'object' },
    locus: 'server',
    idempotent,
    gate,
    timeoutMs,
    ...(subjects && { subjects }),
  };
}

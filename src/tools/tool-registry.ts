import { z } from 'zod';
import type { CatalogueTool, JsonObject } from '../contract/index.ts';
import type { Tool, ToolRegistry } from './tool.ts';

/** A registry of tools that the server executes. */
export function createToolRegistry(all: readonly Tool[]): ToolRegistry {
  const tools = new Map(all.map((tool) => [tool.name, tool]));
  const catalogue = new Map(all.map((tool) => [tool.name, catalogueEntry(tool)]));
  return {
    names: () => [...tools.keys()],
    get: (name) => tools.get(name),
    describe: (name) => catalogue.get(name),
  };
}

function catalogueEntry({
  name,
  description,
  input,
  subjects,
  idempotent,
  gate,
  timeoutMs,
}: Tool): CatalogueTool {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { target: 'draft-2020-12', io: 'input' });
  return {
    name,
    description,
    inputSchema: schema as JsonObject,
    locus: 'server',
    idempotent,
    gate,
    timeoutMs,
    ...(subjects && { subjects }),
  };
}

import type { ApiCapability } from '../../api/capability.ts';
import type { ApiDeps } from '../../api/deps.ts';
import type { ToolRegistry } from '../../tools/tool.ts';
import { createToolRegistry } from '../../tools/tool-registry.ts';
import { agents } from './agents.ts';
import { auth } from './auth.ts';
import type { Capability, ToolDeps, WorkerCapability, WorkerContext } from './capability.ts';
import { codec } from './codec.ts';
import { notes } from './notes.ts';
import { operations } from './operations.ts';
import { turn } from './turn.ts';
import { webhooks } from './webhooks.ts';

/** Everything that Longturn can do: the kernel first, then in the order in which it is described. */
const ALL: readonly Capability[] = [turn, agents, notes, operations, auth, webhooks, codec];

/** The built-in tools. */
export function builtInTools(deps: ToolDeps): ToolRegistry {
  return createToolRegistry(ALL.flatMap(({ tools }) => tools?.(deps) ?? []));
}

/** The parts of the API. */
export async function apiCapabilities(deps: ApiDeps): Promise<ApiCapability[]> {
  return (await Promise.all(ALL.map(({ api }) => api?.(deps)))).filter((part) => part !== undefined);
}

/** The parts of a worker, made one after the other. */
export async function workerCapabilities(context: WorkerContext): Promise<WorkerCapability[]> {
  const parts: WorkerCapability[] = [];
  for (const { worker } of ALL) if (worker) parts.push(await worker(context));
  return parts;
}

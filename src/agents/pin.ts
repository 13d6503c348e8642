import { type Agent, AgentDefinition, type CatalogueTool, type ClientTool } from '../contract/index.ts';
import { digestOf } from '../digest.ts';
import type { Store, TurnRecord } from '../store/store.ts';
import type { ToolRegistry } from '../tools/tool.ts';

export type PinDigests = NonNullable<TurnRecord['digests']>;

/** What a turn pinned when it began. */
export interface Pinned {
  definition: AgentDefinition;
  catalogue: CatalogueTool[];
}

/** What is found of a turn's pin. `again`: the store lacked it, and has it now. `lost`: nobody knows any more what it was. */
export type FoundPin = { found: 'pinned' | 'again'; pin: Pinned } | { found: 'lost'; what: string };

export interface PinDeps {
  store: Pick<Store, 'snapshots' | 'agents'>;
  tools: Pick<ToolRegistry, 'describe'>;
}

/** An agent uses a tool that this process does not have. */
export class ToolNotHere extends Error {
  override name = 'ToolNotHere';
  readonly tool: string;

  constructor(agent: string, tool: string) {
    super(`This worker has no tool "${tool}", which agent "${agent}" uses.`);
    this.tool = tool;
  }
}

/** Longest time that the server watches over a client's tool; the client itself may take as long as the turn. */
const CLIENT_TOOL_TIMEOUT_MS = 60_000;

/**
 * Finds what a turn is pinned to. A store that was restored may lack it: it is what the digests say, so that an agent and
 * tools that are the same now are it. Throws {@link ToolNotHere} where another process may know more.
 */
export async function findPin(
  { store, tools }: PinDeps,
  turn: TurnRecord,
  digests: PinDigests,
): Promise<FoundPin> {
  const { snapshots } = store;
  const known = await snapshots.get(digests.definition);
  const pinned = await snapshots.get(digests.catalogue);
  if (known !== undefined && pinned !== undefined) {
    const definition = AgentDefinition.parse(known);
    return { found: 'pinned', pin: { definition, catalogue: pinned as CatalogueTool[] } };
  }
  const agent = await store.agents.get(turn.agent);
  const definition = known === undefined ? agent && definitionOf(agent) : AgentDefinition.parse(known);
  if (!definition || digestOf(definition) !== digests.definition) {
    return { found: 'lost', what: `agent "${turn.agent}"` };
  }
  const catalogue = catalogueOf(definition, turn, (name) => tools.describe(name));
  if (digestOf(catalogue) !== digests.catalogue) return { found: 'lost', what: 'a tool of it' };
  await snapshots.put(digests.definition, definition);
  await snapshots.put(digests.catalogue, catalogue);
  return { found: 'again', pin: { definition, catalogue } };
}

/** The definition that an agent has now. */
export function definitionOf(agent: Agent): AgentDefinition {
  const { digest: _digest, source: _source, updatedAt: _updatedAt, ...definition } = agent;
  return AgentDefinition.parse(definition);
}

/** The tools that a model is told of, in order. Throws {@link ToolNotHere}. */
export function catalogueOf(
  definition: AgentDefinition,
  turn: Pick<TurnRecord, 'clientTools'>,
  describe: (name: string) => CatalogueTool | undefined,
): CatalogueTool[] {
  const builtIn = definition.tools.map((name) => {
    const tool = describe(name);
    if (!tool) throw new ToolNotHere(definition.name, name);
    return tool;
  });
  return [...builtIn, ...[...definition.clientTools, ...turn.clientTools].map(clientTool)];
}

function clientTool({ name, description, inputSchema }: ClientTool): CatalogueTool {
  return {
    name,
    description,
    inputSchema,
    locus: 'client',
    idempotent: false,
    gate: 'ask',
    timeoutMs: CLIENT_TOOL_TIMEOUT_MS,
  };
}

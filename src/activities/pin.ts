import { ApplicationFailure } from '@temporalio/activity';
import { type Agent, AgentDefinition, type CatalogueTool, type ClientTool } from '../contract/index.ts';
import { digestOf } from '../digest.ts';
import type { TurnRecord } from '../store/store.ts';
import type { ActivityDeps } from './deps.ts';

export type PinDigests = NonNullable<TurnRecord['digests']>;

/** What a turn pinned when it began. */
export interface Pinned {
  definition: AgentDefinition;
  catalogue: CatalogueTool[];
}

/** Longest time that the server watches over a client's tool; the client itself may take as long as the turn. */
const CLIENT_TOOL_TIMEOUT_MS = 60_000;

/**
 * What the turn is pinned to. A store that was restored may lack it: it is what the digests say, so that an agent and tools
 * that are the same now are it. Throws `store_restored` where they are others: nobody knows any more what they were.
 */
export async function pinned(
  deps: Pick<ActivityDeps, 'store' | 'tools' | 'log'>,
  turn: TurnRecord,
  digests: PinDigests | undefined = turn.digests,
): Promise<Pinned> {
  if (!digests) throw new Error(`Turn ${turn.id} has not begun.`);
  const { snapshots } = deps.store;
  const definition = await snapshots.get(digests.definition);
  const catalogue = await snapshots.get(digests.catalogue);
  if (definition === undefined || catalogue === undefined)
    return await rebuilt(deps, turn, digests, definition);
  return { definition: AgentDefinition.parse(definition), catalogue: catalogue as CatalogueTool[] };
}

async function rebuilt(
  { store, tools, log }: Pick<ActivityDeps, 'store' | 'tools' | 'log'>,
  turn: TurnRecord,
  digests: PinDigests,
  known: unknown,
): Promise<Pinned> {
  const agent = await store.agents.get(turn.agent);
  const definition = known === undefined ? agent && definitionOf(agent) : AgentDefinition.parse(known);
  if (!definition || digestOf(definition) !== digests.definition) throw lost(turn, `agent "${turn.agent}"`);
  const catalogue = catalogueOf(definition, turn, (name) => tools.describe(name));
  if (digestOf(catalogue) !== digests.catalogue) throw lost(turn, 'a tool of it');
  await store.snapshots.put(digests.definition, definition);
  await store.snapshots.put(digests.catalogue, catalogue);
  log.warn(
    { turnId: turn.id, digests },
    'the store lacked what a turn is pinned to; it is what the agent is now',
  );
  return { definition, catalogue };
}

function lost({ id }: TurnRecord, what: string): ApplicationFailure {
  return pinFailure(
    'store_restored',
    `The store was restored from before turn ${id} began, and ${what} is not what it was then: the turn cannot go on.`,
  );
}

/** The definition that an agent has now. */
export function definitionOf(agent: Agent): AgentDefinition {
  const { digest: _digest, source: _source, updatedAt: _updatedAt, ...definition } = agent;
  return AgentDefinition.parse(definition);
}

/** The tools that a model is told of, in order. Throws `tool_not_available`. */
export function catalogueOf(
  definition: AgentDefinition,
  turn: TurnRecord,
  describe: (name: string) => CatalogueTool | undefined,
): CatalogueTool[] {
  const builtIn = definition.tools.map((name) => {
    const tool = describe(name);
    if (!tool)
      throw pinFailure(
        'tool_not_available',
        `This worker has no tool "${name}", which agent "${definition.name}" uses.`,
        name,
      );
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

/** A failure for good: the same worker would find the same again. */
export function pinFailure(code: string, message: string, ...details: string[]): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
}

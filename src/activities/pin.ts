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

/** What the turn is pinned to. */
export async function pinned(
  { store }: Pick<ActivityDeps, 'store'>,
  turn: TurnRecord,
  digests: PinDigests | undefined = turn.digests,
): Promise<Pinned> {
  const definition = AgentDefinition.parse(await store.snapshots.get(digests?.definition ?? ''));
  const catalogue = (await store.snapshots.get(digests?.catalogue ?? '')) as CatalogueTool[];
  return { definition, catalogue };
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

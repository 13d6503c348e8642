import { ApplicationFailure } from '@temporalio/activity';
import { catalogueOf, findPin, type PinDigests, type Pinned, ToolNotHere } from '../../agents/pin.ts';
import type { AgentDefinition, CatalogueTool } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import type { ActivityDeps } from '../deps.ts';

/**
 * What the turn is pinned to. Fails for good with `store_restored` where the store lacks it and nobody knows any more what it
 * was, and with `tool_not_available`.
 */
export async function pinned(
  { store, tools, log }: Pick<ActivityDeps, 'store' | 'tools' | 'log'>,
  turn: TurnRecord,
  digests: PinDigests | undefined = turn.digests,
): Promise<Pinned> {
  if (!digests) throw new Error(`Turn ${turn.id} has not begun.`);
  const found = await findPin({ store, tools }, turn, digests).catch(toolFailure);
  if (found.found === 'lost') {
    throw pinFailure(
      'store_restored',
      `The store was restored from before turn ${turn.id} began, and ${found.what} is not what it was then: the turn cannot go on.`,
    );
  }
  if (found.found === 'again') {
    log.warn(
      { turnId: turn.id, digests },
      'the store lacked what a turn is pinned to; it is what the agent is now',
    );
  }
  return found.pin;
}

/** The tools that a model is told of now. */
export function catalogueHere(
  { tools }: Pick<ActivityDeps, 'tools'>,
  definition: AgentDefinition,
  turn: TurnRecord,
): CatalogueTool[] {
  try {
    return catalogueOf(definition, turn, (name) => tools.describe(name));
  } catch (error) {
    return toolFailure(error);
  }
}

/** Another worker may have the tool. */
function toolFailure(error: unknown): never {
  throw error instanceof ToolNotHere ? pinFailure('tool_not_available', error.message, error.tool) : error;
}

/** A failure for good: the same worker would find the same again. */
export function pinFailure(code: string, message: string, ...details: string[]): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
}

import { ApplicationFailure } from '@temporalio/activity';
import {
  type Agent,
  AgentDefinition,
  type CatalogueTool,
  type ClientTool,
  durationMs,
} from '../contract/index.ts';
import { digestOf } from '../digest.ts';
import type { TurnRecord } from '../store/store.ts';
import type { PreparedTurn, TurnActivities } from '../workflows/turn-activities.ts';
import type { ActivityDeps } from './deps.ts';

/** Longest time that the server watches over a client's tool; the client itself may take as long as the turn. */
const CLIENT_TOOL_TIMEOUT_MS = 60_000;

/** Pins what the turn works with: definition and catalogue by digest, limits, and the grants in force. */
export function createPrepareTurn({ store, tools, feed, now }: ActivityDeps): TurnActivities['prepareTurn'] {
  return async ({ turnId }) => {
    const turn = await store.turns.get(turnId);
    if (!turn) throw failed('turn_not_found', `There is no turn ${turnId}.`);
    const agent = await store.agents.get(turn.agent);
    if (!agent) throw failed('agent_not_found', `There is no agent "${turn.agent}" any more.`);

    const definition = AgentDefinition.parse(pickDefinition(agent));
    const catalogue = catalogueOf(definition, turn, (name) => tools.describe(name));
    const digests = { definition: digestOf(definition), catalogue: digestOf(catalogue) };
    await store.snapshots.put(digests.definition, definition);
    await store.snapshots.put(digests.catalogue, catalogue);

    const at = now().toISOString();
    const grants = await store.grants.inForce(turn.sessionId, turnId, at);
    await store.turns.begin(turnId, digests, at);
    feed.publish({ topic: 'session', sessionId: turn.sessionId });
    return {
      at,
      digests,
      limits: limitsOf(definition, turn),
      approvalExpiresAfterMs: durationMs(definition.approval.expiresAfter),
      policy: definition.policy,
      tools: catalogue.map(({ name, locus, idempotent, gate, timeoutMs }) => ({
        name,
        locus,
        idempotent,
        gate,
        timeoutMs,
      })),
      grants,
    };
  };
}

function failed(code: string, message: string, ...details: string[]): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
}

function pickDefinition({ digest: _digest, source: _source, updatedAt: _updatedAt, ...definition }: Agent) {
  return definition;
}

function catalogueOf(
  definition: AgentDefinition,
  turn: TurnRecord,
  describe: (name: string) => CatalogueTool | undefined,
): CatalogueTool[] {
  const builtIn = definition.tools.map((name) => {
    const tool = describe(name);
    if (!tool)
      throw failed(
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

/** A turn may narrow its agent's limits, never widen them. */
function limitsOf({ limits }: AgentDefinition, turn: TurnRecord): PreparedTurn['limits'] {
  const narrower = (...values: (number | undefined)[]) => {
    const given = values.filter((value) => value !== undefined);
    return given.length > 0 ? Math.min(...given) : undefined;
  };
  const ms = (duration: string | undefined) => (duration === undefined ? undefined : durationMs(duration));
  const maxTokens = narrower(limits.maxTokens, turn.limits.maxTokens);
  const deadlineMs = narrower(ms(limits.deadline), ms(turn.limits.deadline));
  return {
    maxSteps: narrower(limits.maxSteps, turn.limits.maxSteps) ?? limits.maxSteps,
    ...(maxTokens !== undefined && { maxTokens }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
}

import { Context } from '@temporalio/activity';
import { definitionOf, type PinDigests, type Pinned } from '../../agents/pin.ts';
import { type AgentDefinition, durationMs } from '../../contract/index.ts';
import { mostGrants } from '../../core/turn/grant-limits.ts';
import type { PreparedTurn } from '../../core/turn/prepared-turn.ts';
import { digestOf } from '../../digest.ts';
import { contextOf } from '../../models/context-terms.ts';
import { isLimited, limitsFor, NO_LIMITS, type ScopedLimits } from '../../models/model-limits.ts';
import { unfinishedStep } from '../../models/unfinished-step.ts';
import type { TurnRecord } from '../../store/store.ts';
import type { TurnActivities } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { catalogueHere, pinFailure, pinned } from './pin.ts';
import { notHere } from './turn-presence.ts';

/**
 * Pins what the turn works with: definition and catalogue by digest, limits, and the grants in force. What it writes, it writes
 * once: snapshots by their digest, and the row by compare-and-set from `starting` (`store.turns.begin`). The first pin that
 * the row gets stays: whoever prepares again, after a workflow task that was lost, answers the same, whatever the agent is now.
 */
export function createPrepareTurn(deps: ActivityDeps): TurnActivities['prepareTurn'] {
  const { store, feed, log, now, modelBook = NO_LIMITS } = deps;
  return async ({ turnId }) => {
    const turn = await store.turns.get(turnId);
    // Tried again at once it would come to the same worker: the workflow sees to its coming to another.
    if (!turn) throw notHere(log, turnId, Context.current().info.attempt, { nonRetryable: true });
    const at = now().toISOString();
    const pin = turn.digests ? await pinnedBefore(deps, turn, turn.digests) : await pinNow(deps, turn, at);
    const { definition, catalogue, digests } = pin;
    const grants = mostGrants(await store.grants.inForce(turn.sessionId, turnId, at));
    feed.publish({ topic: 'session', sessionId: turn.sessionId });
    return {
      at: turn.startedAt ?? pin.startedAt ?? at,
      digests,
      limits: limitsOf(definition, turn),
      approvalExpiresAfterMs: durationMs(definition.approval.expiresAfter),
      policy: definition.policy,
      tools: catalogue.map(({ name, locus, idempotent, gate, timeoutMs, subjects }) => ({
        name,
        locus,
        idempotent,
        gate,
        timeoutMs,
        ...(subjects && { subjects }),
      })),
      grants,
      bounded: true,
      boundedMatching: true,
      judgesValues: true,
      ...queueOf(limitsFor(modelBook, definition.model)),
      ...(contextOf(definition).strategy !== 'none' && { compacts: true as const }),
      ...(turn.retryOf !== undefined && {
        retry: {
          of: turn.retryOf,
          resumes: unfinishedStep(await store.transcript.load(turnId)) !== undefined,
        },
      }),
    };
  };
}

/** Where the model's calls wait for their turn; absent: nowhere, they are made at once. */
function queueOf(limits: ScopedLimits): Pick<PreparedTurn, 'modelQueue'> {
  return isLimited(limits) ? { modelQueue: limits.scope } : {};
}

/** What a turn is pinned to. */
interface Pin extends Pinned {
  digests: PinDigests;
  startedAt?: string;
}

/** Pins the agent as it is now, unless another attempt was first: then its pin is the turn's. */
async function pinNow(deps: ActivityDeps, turn: TurnRecord, at: string): Promise<Pin> {
  const { store } = deps;
  const agent = await store.agents.get(turn.agent);
  if (!agent) throw pinFailure('agent_not_found', `There is no agent "${turn.agent}" any more.`);
  const definition = definitionOf(agent);
  const catalogue = catalogueHere(deps, definition, turn);
  const digests = { definition: digestOf(definition), catalogue: digestOf(catalogue) };
  await store.snapshots.put(digests.definition, definition);
  await store.snapshots.put(digests.catalogue, catalogue);
  const { startedAt, digests: kept = digests } = await store.turns.begin(turn.id, digests, at);
  await deps.noteDelivery.changed(turn.sessionId);
  const isOurs = kept.definition === digests.definition && kept.catalogue === digests.catalogue;
  const pin = isOurs ? { definition, catalogue, digests } : await pinnedBefore(deps, turn, kept);
  return { ...pin, ...(startedAt !== undefined && { startedAt }) };
}

async function pinnedBefore(deps: ActivityDeps, turn: TurnRecord, digests: PinDigests): Promise<Pin> {
  return { ...(await pinned(deps, turn, digests)), digests };
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

import { ApplicationFailure, Context } from '@temporalio/activity';
import { StoreError } from '../store/store-error.ts';
import type { TurnActivities } from '../workflows/turn/turn-activities.ts';
import { leavingToOthers } from './capabilities.ts';
import type { ActivityDeps } from './deps.ts';
import { createAskModel } from './turn/ask-model.ts';
import { createCallModel } from './turn/call-model.ts';
import { appendCarried } from './turn/carry.ts';
import { createCompactContext } from './turn/compact-context.ts';
import { createConversations } from './turn/conversation.ts';
import { createFinishTurn } from './turn/finish-turn.ts';
import { createPrepareTurn } from './turn/prepare-turn.ts';
import { createResumeStep } from './turn/resume-step.ts';
import { createRunTool, createSettleTool } from './turn/run-tool.ts';
import { createToolExecutions } from './turn/tool-executions.ts';
import { openTurn, turnAtWork } from './turn/turn-fence.ts';
import { createPresence } from './turn/turn-presence.ts';

/** The activities of one worker process. */
export function createActivities(deps: ActivityDeps): TurnActivities {
  return failingForGood(whereTheTurnIs(deps, leavingToOthers(deps, activitiesOver(deps))));
}

function activitiesOver(deps: ActivityDeps): TurnActivities {
  const { store, now } = deps;
  const executions = createToolExecutions(deps);
  const askModel = createAskModel(deps);
  const conversations = createConversations(store);
  return {
    prepareTurn: createPrepareTurn(deps),
    callModel: createCallModel(deps, askModel, conversations),
    compactContext: createCompactContext(deps, askModel, conversations),
    resumeStep: createResumeStep(deps),
    runTool: createRunTool(deps, executions),
    settleTool: createSettleTool(deps, executions),
    recordEvents: async ({ turnId, events }) => {
      await appendCarried(deps, turnId, events);
    },
    writeGrant: async ({ grant }) => {
      await openTurn(store, turnAtWork());
      await store.grants.put(grant);
    },
    useGrant: async ({ grant, callId }) => {
      await openTurn(store, turnAtWork());
      await store.grants.put(grant);
      return await store.grants.use(grant.id, callId, now().toISOString());
    },
    keepResult: ({ turnId, callId, tool, content, isError = false }) =>
      store.ledger.keep({ callId, turnId, tool, content, isError, at: now().toISOString() }),
    finishTurn: createFinishTurn(deps),
  };
}

/** Before anything else, each makes sure that its turn is in this store. Preparing looks itself: it reads the turn anyway. */
function whereTheTurnIs(deps: ActivityDeps, activities: TurnActivities): TurnActivities {
  const presence = createPresence(deps, () => Context.current().info.attempt);
  const guarded = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: { turnId?: string; grant?: { sessionId: string } }) => {
      const { turnId, grant } = input;
      const prepares = name === 'prepareTurn';
      if (turnId !== undefined && !prepares) await presence.turn(turnId);
      else if (grant) await presence.session(grant.sessionId);
      const result = await activity(input as never);
      if (turnId !== undefined && prepares) presence.seen(turnId);
      return result;
    },
  ]);
  return Object.fromEntries(guarded) as TurnActivities;
}

/** What contradicts the store would do so again: it is not retried, the turn fails and the reconciler ends it. */
function failingForGood(activities: TurnActivities): TurnActivities {
  const guarded = Object.entries(activities).map(([name, activity]) => [
    name,
    (input: never) => activity(input).catch(rethrow),
  ]);
  return Object.fromEntries(guarded) as TurnActivities;
}

function rethrow(error: unknown): never {
  if (error instanceof StoreError && error.fault === 'conflict') {
    throw ApplicationFailure.create({ type: 'store_conflict', message: error.message, nonRetryable: true });
  }
  throw error;
}

import { ApplicationFailure } from '@temporalio/activity';
import { StoreError } from '../store/store-error.ts';
import type { TurnActivities } from '../workflows/turn-activities.ts';
import { createCallModel } from './call-model.ts';
import { leavingToOthers } from './capabilities.ts';
import { appendCarried } from './carry.ts';
import type { ActivityDeps } from './deps.ts';
import { createFinishTurn } from './finish-turn.ts';
import { createPrepareTurn } from './prepare-turn.ts';
import { createRunTool, createSettleTool } from './run-tool.ts';
import { createToolExecutions } from './tool-executions.ts';

/** The activities of one worker process. */
export function createActivities(deps: ActivityDeps): TurnActivities {
  return failingForGood(leavingToOthers(deps, activitiesOver(deps)));
}

function activitiesOver(deps: ActivityDeps): TurnActivities {
  const { store, now } = deps;
  const executions = createToolExecutions(deps);
  return {
    prepareTurn: createPrepareTurn(deps),
    callModel: createCallModel(deps),
    runTool: createRunTool(deps, executions),
    settleTool: createSettleTool(deps, executions),
    recordEvents: ({ turnId, events }) => appendCarried(deps, turnId, events),
    writeGrant: ({ grant }) => store.grants.put(grant),
    useGrant: async ({ grant, callId }) => {
      await store.grants.put(grant);
      return await store.grants.use(grant.id, callId, now().toISOString());
    },
    keepResult: ({ turnId, callId, tool, content }) =>
      store.ledger.keep({ callId, turnId, tool, content, at: now().toISOString() }),
    finishTurn: createFinishTurn(deps),
  };
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

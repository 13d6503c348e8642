import type { TurnActivities } from '../workflows/turn-activities.ts';
import { createCallModel } from './call-model.ts';
import { appendCarried } from './carry.ts';
import type { ActivityDeps } from './deps.ts';
import { createFinishTurn } from './finish-turn.ts';
import { createPrepareTurn } from './prepare-turn.ts';
import { createRunTool, createSettleTool } from './run-tool.ts';
import { createToolExecutions } from './tool-executions.ts';

/** The activities of one worker process. */
export function createActivities(deps: ActivityDeps): TurnActivities {
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

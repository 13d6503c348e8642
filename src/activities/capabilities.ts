import { ApplicationFailure } from '@temporalio/activity';
import { PROVIDER_NAMES } from '../models/create-model-directory.ts';
import { ModelError } from '../models/model-provider.ts';
import { UNNAMED } from '../temporal/names.ts';
import { NOT_ON_THIS_WORKER } from '../workflows/elsewhere-failure.ts';
import type { Again, TurnActivities } from '../workflows/turn/turn-activities.ts';
import { capableWorkers, modelCapability } from './capable-workers.ts';
import type { ActivityDeps } from './deps.ts';

/** Codes of the failures that mean: this worker has no such tool, no such model. */
const LACKS_TOOL = 'tool_not_available';
const LACKS_MODEL = 'model_not_configured';

/** What this worker can do that another may not: `tool:<name>` and `model:<provider>`. */
export function capabilitiesOf({ tools, models }: Pick<ActivityDeps, 'tools' | 'models'>): string[] {
  const hasModel = (provider: string) => {
    try {
      models(`${provider}/any`);
      return true;
    } catch (error) {
      if (error instanceof ModelError) return false;
      throw error;
    }
  };
  const providers = PROVIDER_NAMES.filter(hasModel);
  return [...tools.names().map((name) => `tool:${name}`), ...providers.map((name) => `model:${name}`)];
}

/**
 * Activities that leave to another worker what this one lacks, such as an old worker during a deploy. The turn fails only
 * when, for as long as the patience lasts, no worker that is there says that it has it.
 */
export function leavingToOthers(deps: ActivityDeps, activities: TurnActivities): TurnActivities {
  const { prepareTurn, callModel, compactContext, runTool } = activities;
  const leave = createLeave(deps);
  const leaveTool = (error: unknown, input: Left) =>
    leave(error, LACKS_TOOL, input, async () => `tool:${detailOf(error)}`);
  /** Where a store was restored, asking a model may need the agent's tools too. */
  const leaveModel = (error: unknown, input: Left) =>
    leave(error, LACKS_MODEL, input, async () => modelCapability(detailOf(error))).catch((other) =>
      leaveTool(other, input),
    );
  return {
    ...activities,
    prepareTurn: (input) => prepareTurn(input).catch((error) => leaveTool(error, input)),
    callModel: (input) => callModel(input).catch((error) => leaveModel(error, input)),
    compactContext: (input) => compactContext(input).catch((error) => leaveModel(error, input)),
    runTool: async (input) => {
      if (deps.tools.get(input.tool)) return await runTool(input);
      // Checked before the ledger is written: nothing was begun.
      const message = `This worker has no tool "${input.tool}".`;
      const error = ApplicationFailure.create({ type: LACKS_TOOL, message, nonRetryable: true });
      return await leave(error, LACKS_TOOL, input, async () => `tool:${input.tool}`);
    },
  };
}

interface Left {
  turnId: string;
  again?: Again | undefined;
}

function createLeave({ store, names = UNNAMED, capabilityPatienceMs, metrics, log, now }: ActivityDeps) {
  return async (
    error: unknown,
    code: string,
    { turnId, again }: Left,
    lacks: () => Promise<string>,
  ): Promise<never> => {
    if (!(error instanceof ApplicationFailure) || error.type !== code) throw error;
    const capability = await lacks();
    const at = now().getTime();
    const capable = await capableWorkers({ store, now }, capability);
    const served = capable[Math.floor(Math.random() * capable.length)];
    const waitedMs = again ? at - Date.parse(again.since) : 0;
    if (!served && waitedMs >= capabilityPatienceMs) throw error;
    log.warn(
      { turnId, capability, servedBy: served?.id, attempt: again?.attempt ?? 1 },
      'left to a worker that can do it',
    );
    metrics.countLeft(capability);
    const message = served
      ? `${error.message} Another worker has it.`
      : `${error.message} No other worker has it.`;
    // The workflow gives it out again: the engine's retry would count against the attempts of the call.
    throw ApplicationFailure.create({
      type: NOT_ON_THIS_WORKER,
      message,
      nonRetryable: true,
      details: [code, ...(served ? [names.ownTurnsTaskQueue(served.id)] : [])],
    });
  };
}

function detailOf(error: unknown): string {
  return error instanceof ApplicationFailure ? String(error.details?.[0]) : '';
}

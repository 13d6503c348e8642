import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { SearchAttributePair, SignalDefinition } from '@temporalio/common';
import type { AgentDefinition } from '../../contract/index.ts';
import type { Message } from '../../core/turn/messages.ts';
import {
  cancelSignal,
  clientToolResultSignal,
  clientToolResultUpdate,
  grantRevokedSignal,
  snapshotQuery,
  steerSignal,
  steerUpdate,
  stopSignal,
  stopUpdate,
  toolDecisionSignal,
  toolDecisionUpdate,
  wakeCallSignal,
} from '../../workflows/turn/messages.ts';
import { isInvalid } from '../engine-errors.ts';
import { type Names, TURN_WORKFLOW, UNNAMED } from '../names.ts';
import type { TurnSearchAttributes } from '../search-attributes.ts';
import { describeStuck } from '../stuck.ts';
import { createMessenger, ENGINE_WAIT_MS, type Sendable } from './deliver-message.ts';
import { type MessageOrigin, TurnClosed, type TurnGateway, type TurnToStart } from './turn-gateway.ts';

/** How long a query may wait for a worker, in milliseconds. */
const QUERY_WAIT_MS = 2_000;

export interface TurnGatewayOptions {
  /** Of the installation. Default: those without an id. */
  names?: Names;
  /** Where turns are started. Default: the installation's queue; tests have queues of their own. */
  taskQueue?: string;
  /** What turns can be found by in the engine's UI. Default: nothing. */
  searchAttributes?: TurnSearchAttributes;
  /** How the turns of an agent take a deploy. Default: they move to the current build. */
  deployOf?(agent: string): Promise<AgentDefinition['deploy']>;
}

/** The door to the turns' workflows, over Temporal's client. */
export function createTurnGateway(
  client: Client,
  { names = UNNAMED, taskQueue = names.taskQueue, searchAttributes, deployOf }: TurnGatewayOptions = {},
): TurnGateway {
  const messenger = createMessenger(client);
  const { within } = messenger;
  const handleOf = (turnId: string) => client.workflow.getHandle(names.turnWorkflowId(turnId));
  const signal = <M>(turnId: string, definition: SignalDefinition<[M]>, message: M) =>
    messenger.signal(names.turnWorkflowId(turnId), definition, message);
  const deliver = <R, M extends Message>(turnId: string, sendable: Sendable<R, M>, message: M) =>
    messenger.deliver(names.turnWorkflowId(turnId), sendable, message);

  return {
    start: async (turn) => {
      const deploy = await deployOf?.(turn.agent);
      const place = { workflowId: names.turnWorkflowId(turn.id), taskQueue, deploy };
      return await within(ENGINE_WAIT_MS, () => startFindable(client, turn, place, searchAttributes));
    },
    decide: (turnId, callId, decision, origin) =>
      deliver(turnId, [toolDecisionUpdate, toolDecisionSignal], { ...decision, ...origin, callId }),
    submitResult: (turnId, callId, result, origin) =>
      deliver(turnId, [clientToolResultUpdate, clientToolResultSignal], {
        ...result,
        ...origin,
        callId,
      }),
    steer: (turnId, message, origin) => deliver(turnId, [steerUpdate, steerSignal], { ...origin, message }),
    stop: (turnId, origin: MessageOrigin) => deliver(turnId, [stopUpdate, stopSignal], origin),
    cancel: (turnId, reason, origin) =>
      signal(turnId, cancelSignal, { ...origin, ...(reason !== undefined && { reason }) }),
    revokeGrant: (turnId, grantId) => unlessClosed(signal(turnId, grantRevokedSignal, { grantId })),
    wakeCall: (turnId, callId) => unlessClosed(signal(turnId, wakeCallSignal, { callId })),
    snapshot: (turnId) => within(QUERY_WAIT_MS, () => handleOf(turnId).query(snapshotQuery)),
    stuck: (turnId) => within(QUERY_WAIT_MS, () => describeStuck(client, names.turnWorkflowId(turnId))),
  };
}

async function unlessClosed(sent: Promise<void>): Promise<void> {
  await sent.catch((error) => {
    if (!(error instanceof TurnClosed)) throw error;
  });
}

/** Under which id a turn's workflow runs, on which queue, and how it takes a deploy. */
interface TurnPlace {
  workflowId: string;
  taskQueue: string;
  deploy: AgentDefinition['deploy'];
}

/** A turn that the engine refuses for its search attributes is started without them. */
async function startFindable(
  client: Client,
  turn: TurnToStart,
  place: TurnPlace,
  searchAttributes?: TurnSearchAttributes,
): Promise<boolean> {
  const attributes = searchAttributes?.of(turn) ?? [];
  try {
    return await startTurn(client, turn, place, attributes);
  } catch (error) {
    if (attributes.length === 0 || !isInvalid(error)) throw error;
    searchAttributes?.refused();
    return await startTurn(client, turn, place, []);
  }
}

async function startTurn(
  client: Client,
  turn: TurnToStart,
  { workflowId, taskQueue, deploy }: TurnPlace,
  attributes: SearchAttributePair[],
): Promise<boolean> {
  const { id, sessionId, ordinal, agent } = turn;
  try {
    await client.workflow.start(TURN_WORKFLOW, {
      workflowId,
      taskQueue,
      args: [{ turnId: id, sessionId, ordinal, agent }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      // A task that is lost with its worker is given out again after this long.
      workflowTaskTimeout: '5s',
      ...(attributes.length > 0 && { typedSearchAttributes: attributes }),
      // Read by the workflow before it begins: it says to the engine itself that it stays.
      ...(deploy === 'pinned' && { memo: { deploy } }),
      staticSummary: `${agent}: turn ${ordinal} of session ${sessionId}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

import {
  ApplicationFailure,
  allHandlersFinished,
  ContinueAsNew,
  condition,
  continueAsNew,
  isCancellation,
  log,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { FlowView } from '../../contract/index.ts';
import type { ConnectionFacts, FlowEnd } from '../../core/auth/connection-facts.ts';
import { flowWorkflowId } from '../../core/auth/flow-id.ts';
import { initialFlowState } from '../../core/auth/flow-state.ts';
import { toFlowView } from '../../core/auth/vendor-view.ts';
import { handleSignal, handleUpdate } from '../handlers.ts';
import { admitStart } from '../sealed-run.ts';
import { markOf } from '../seals.ts';
import type { authFlow } from './auth-flow.ts';
import type { Connection, RunningFlow } from './connection.ts';
import { check, isCheckDue, nextCheckAt } from './connection-check.ts';
import type { FlowStart } from './flow.ts';
import { checkSignal, closeSignal, configuredSignal, type LoginRequest, loginUpdate } from './messages.ts';
import { describeConnection, recordCheck } from './proxies.ts';

/** After so many automatic logins that failed in a row, no more are tried until one by hand succeeds. */
const EXHAUSTED_AFTER = 3;

export interface ConnectionStart {
  connectionId: string;
  /** Carried over continue-as-new. */
  carried?: { failedReauths: number; lastCheckAt?: number };
}

/** Keeps a (profile, domain) logged in: begins logins, checks on a timer whether they still hold, and logs in again. */
export async function authConnection(start: ConnectionStart): Promise<void> {
  admitStart(start, 'connectionId');
  const { connectionId, carried } = start;
  const connection: Connection = {
    connectionId,
    checkWanted: false,
    configured: false,
    closed: false,
    failedReauths: carried?.failedReauths ?? 0,
    ...(carried?.lastCheckAt !== undefined && { lastCheckAt: carried.lastCheckAt }),
  };
  handleConnectionMessages(connection);

  for (let faults = 0, goesOn = true; goesOn; ) {
    try {
      goesOn = await lookAfter(connection);
      faults = 0;
    } catch (error) {
      if (isCancellation(error) || error instanceof ContinueAsNew) throw error;
      faults += 1;
      log.error('a connection could not be looked after; it is tried again', {
        connectionId,
        faults,
        error: String(error),
      });
      goesOn = !(await condition(() => connection.closed, pauseMs(faults)));
    }
  }
  await condition(() => allHandlersFinished());
}

/** How long after so many faults in a row it is tried again, in milliseconds. */
function pauseMs(faults: number): number {
  return Math.min(1_000 * 2 ** Math.min(faults, 10), 300_000);
}

/** Does the next thing that is due; false once the connection is deleted. */
async function lookAfter(connection: Connection): Promise<boolean> {
  connection.configured = false;
  const facts = await describeConnection({ connectionId: connection.connectionId });
  if (facts === null || connection.closed) return false;
  await untilSomethingIsDue(connection, facts);
  if (connection.closed) return false;
  if (connection.wanted) await beginFlow(connection, connection.wanted);
  else if (connection.checkWanted || isCheckDue(connection, facts)) await check(connection);
  await continueAsNewWhenDue(connection);
  return true;
}

function handleConnectionMessages(connection: Connection): void {
  handleUpdate(loginUpdate, (request) => takeLogin(connection, request), {
    validator: (request) => refuseLogin(connection, request),
  });
  handleSignal(
    checkSignal,
    () => {
      connection.checkWanted = true;
    },
    { unboundToo: true },
  );
  handleSignal(configuredSignal, () => {
    connection.configured = true;
  });
  handleSignal(closeSignal, () => {
    connection.closed = true;
  });
}

/** Refuses a login while another one is in progress and within its time. */
function refuseLogin(connection: Connection, { flowId, ended }: LoginRequest): void {
  const begun = connection.wanted ?? (connection.flow?.done === false ? connection.flow.start : undefined);
  if (
    !begun ||
    begun.flowId === flowId ||
    begun.flowId === ended ||
    Date.parse(begun.expiresAt) <= Date.now()
  )
    return;
  throw ApplicationFailure.create({
    type: 'flow_in_progress',
    message: 'A login of this connection is already in progress.',
    nonRetryable: true,
  });
}

function takeLogin(connection: Connection, request: LoginRequest): FlowView {
  refuseLogin(connection, request);
  const { flowId, limits, hostedUrl, by } = request;
  const expiresAt = new Date(Date.now() + limits.flowTimeoutMs).toISOString();
  const { connectionId } = connection;
  const type = 'LOGIN';
  connection.wanted = { flowId, connectionId, type, expiresAt, hostedUrl, limits, startedBy: by.tokenId };
  return toFlowView(initialFlowState(connection.wanted));
}

async function untilSomethingIsDue(connection: Connection, facts: ConnectionFacts): Promise<void> {
  const isDue = () =>
    connection.wanted !== undefined ||
    connection.checkWanted ||
    connection.configured ||
    connection.closed ||
    (workflowInfo().continueAsNewSuggested && !connection.flow);
  const dueAt = nextCheckAt(connection, facts);
  if (dueAt === undefined) {
    const flow = connection.flow;
    await condition(() => isDue() || flow?.done === true);
  } else await condition(isDue, Math.max(dueAt - Date.now(), 1));
  if (connection.flow?.done) delete connection.flow;
}

/** Starts the login as a child and goes on: checks run beside it. */
async function beginFlow(connection: Connection, start: FlowStart): Promise<void> {
  const flow: RunningFlow = { start, done: false };
  connection.flow = flow;
  delete connection.wanted;
  const child = await startChild<typeof authFlow>('authFlow', {
    workflowId: flowWorkflowId(workflowInfo().workflowId, connection.connectionId, start.flowId),
    args: [start],
    // Deleting a connection cancels its login; after any other end of this workflow the login ends by its own deadline.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowTaskTimeout: '5s',
    staticSummary: `${start.type} of ${connection.connectionId}`,
  }).catch((error) => {
    // It was not begun and must not block the next one.
    flow.done = true;
    throw error;
  });
  void child.result().then(
    // A result without a seal may be of a workflow that is not ours.
    (end) => settle(connection, flow, markOf(end)?.seal === 'none' ? UNKNOWN_END : end),
    () => settle(connection, flow, UNKNOWN_END),
  );
}

const UNKNOWN_END: FlowEnd = { status: 'FAILED', errorCode: 'internal_error' };

async function settle(connection: Connection, flow: RunningFlow, { status }: FlowEnd): Promise<void> {
  if (status === 'SUCCESS') {
    connection.failedReauths = 0;
    connection.lastCheckAt = Date.now();
  } else if (flow.start.type === 'REAUTH' && status !== 'CANCELED') {
    connection.failedReauths += 1;
    const { connectionId, failedReauths } = connection;
    await recordCheck({
      connectionId,
      checkId: `${flow.start.flowId}:failed`,
      verdict: 'logged_out',
      status: 'NEEDS_AUTH',
      tired: failedReauths >= EXHAUSTED_AFTER,
    }).catch((error) =>
      log.error('a failed login could not be noted', { connectionId, error: String(error) }),
    );
  }
  flow.done = true;
}

async function continueAsNewWhenDue(connection: Connection): Promise<void> {
  if (!workflowInfo().continueAsNewSuggested || connection.flow || connection.wanted) return;
  await condition(() => allHandlersFinished());
  if (connection.wanted || connection.checkWanted) return;
  const { connectionId, failedReauths, lastCheckAt } = connection;
  await continueAsNew<typeof authConnection>({
    connectionId,
    carried: { failedReauths, ...(lastCheckAt !== undefined && { lastCheckAt }) },
  });
}

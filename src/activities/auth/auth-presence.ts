import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { AuthStore } from '../../store/auth-store.ts';
import {
  AUTH_NOT_HERE,
  type AuthActivities,
  type OpeningActivities,
} from '../../workflows/auth/activities.ts';

/**
 * How many attempts of a task are left to other workers where its connection is not in this store: about 15 s of them. After
 * that the connection counts as deleted, and its workflows must be able to end. Attempts are counted and not time, since a
 * task may have waited in the queue for hours before the first.
 */
const LEFT_ATTEMPTS = 33;
/** Shortest delay before such a task is retried, in milliseconds; up to twice of it, so that another worker gets it. */
const AGAIN_MS = 300;

interface PresenceDeps {
  auth: Pick<AuthStore, 'connections' | 'flows' | 'webhooks'>;
  log: Logger;
}

interface Work {
  shared: AuthActivities;
  opening: OpeningActivities;
}

/**
 * Activities that fail, to be retried on another worker, where the connection, flow or delivery is not in this worker's store:
 * two installations may share a queue. What works on an open page is not checked, since its queue is its worker's own.
 */
export function whereTheConnectionIs({ auth, log }: PresenceDeps, { shared, opening }: Work): Work {
  const isConnection = async ({ connectionId }: { connectionId: string }) =>
    (await auth.connections.get(connectionId)) !== undefined;
  const isFlow = async ({ flowId }: { flowId: string }) => (await auth.flows.get(flowId)) !== undefined;
  const isDelivery = async ({ deliveryId }: { deliveryId: string }) =>
    (await auth.webhooks.delivery(deliveryId)) !== undefined;

  /** The engine retries it, for a while. */
  const patient =
    <I, O>(isHere: (input: I) => Promise<boolean>, run: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      if (!(await isHere(input)) && attempt() <= LEFT_ATTEMPTS) throw notHere(log, { nonRetryable: false });
      return await run(input);
    };
  /** The workflow schedules it again until the login is over; the engine's attempts are for failures of the site. */
  const atOnce =
    <I extends { connectionId: string }, O>(run: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      if (!(await isConnection(input))) throw notHere(log, { nonRetryable: true });
      return await run(input);
    };

  return {
    shared: {
      ...shared,
      describeConnection: patient(isConnection, shared.describeConnection),
      recordFlow: patient(isConnection, shared.recordFlow),
      recordCheck: patient(isConnection, shared.recordCheck),
      forgetSecrets: patient(isFlow, shared.forgetSecrets),
      deliverWebhook: patient(isDelivery, shared.deliverWebhook),
    },
    opening: {
      openLogin: atOnce(opening.openLogin),
      resumeLogin: atOnce(opening.resumeLogin),
      checkLogin: atOnce(opening.checkLogin),
    },
  };
}

function attempt(): number {
  return Context.current().info.attempt;
}

function notHere(log: Logger, { nonRetryable }: { nonRetryable: boolean }): ApplicationFailure {
  const { activityType, attempt, workflowExecution } = Context.current().info;
  log.warn(
    { activityType, attempt, workflowId: workflowExecution?.workflowId },
    'a task of managed auth that is not in the store of this worker: it is left to the worker that has it',
  );
  return ApplicationFailure.create({
    type: AUTH_NOT_HERE,
    message: 'What the task is for is not in the store of the worker that took it.',
    nonRetryable,
    nextRetryDelay: AGAIN_MS * (1 + Math.random()),
  });
}

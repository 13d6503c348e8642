import type { Logger } from 'pino';
import type { AuthStore } from '../../store/auth-store.ts';
import {
  AUTH_NOT_HERE,
  type AuthActivities,
  type OpeningActivities,
} from '../../workflows/auth/activities.ts';
import { leftToOthers } from '../left-to-others.ts';

interface PresenceDeps {
  auth: Pick<AuthStore, 'connections' | 'flows'>;
  log: Logger;
}

interface Work {
  shared: AuthActivities;
  opening: OpeningActivities;
}

/**
 * Activities that leave to another worker what belongs to a connection or flow which is not in this worker's store. What opens a
 * browser fails at once, and its workflow, which stops when the login is over, gives it out again: the engine's attempts are
 * for the site. What works on an open page needs no look: its queue is its worker's own.
 */
export function whereTheConnectionIs({ auth, log }: PresenceDeps, { shared, opening }: Work): Work {
  const isConnection = async ({ connectionId }: { connectionId: string }) =>
    (await auth.connections.get(connectionId)) !== undefined;
  const isFlow = async ({ flowId }: { flowId: string }) => (await auth.flows.get(flowId)) !== undefined;
  const { patiently, atOnce } = leftToOthers({ type: AUTH_NOT_HERE, what: 'a task of managed auth', log });

  return {
    shared: {
      describeConnection: patiently(isConnection, shared.describeConnection),
      recordFlow: patiently(isConnection, shared.recordFlow),
      recordCheck: patiently(isConnection, shared.recordCheck),
      forgetSecrets: patiently(isFlow, shared.forgetSecrets),
    },
    opening: {
      openLogin: atOnce(isConnection, opening.openLogin),
      resumeLogin: atOnce(isConnection, opening.resumeLogin),
      checkLogin: atOnce(isConnection, opening.checkLogin),
    },
  };
}

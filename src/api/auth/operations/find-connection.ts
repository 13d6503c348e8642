import type { ConnectionRecord, FlowRecord } from '../../../store/auth-store.ts';
import type { Store } from '../../../store/store.ts';
import type { Caller } from '../../plugins/bearer.ts';
import { ApiProblem } from '../../problems.ts';

type Flows = Pick<Store, 'auth'>;

/** The connection, or 404. */
export async function findConnection({ auth }: Flows, id: string): Promise<ConnectionRecord> {
  const connection = await auth.connections.get(id);
  if (connection === undefined) throw noSuchConnection(id);
  return connection;
}

export function noSuchConnection(id: string): ApiProblem {
  return new ApiProblem('connection_not_found', `There is no auth connection ${id}.`);
}

/**
 * The flow that a caller sees of a connection: the newest one; under the session of a login that login's, never a newer
 * one. Undefined when there was none yet.
 */
export async function findFlow(
  { auth }: Flows,
  connection: ConnectionRecord,
  { session }: Pick<Caller, 'session'>,
): Promise<FlowRecord | undefined> {
  const flowId = session === undefined ? connection.flowId : session.flowId;
  return flowId === undefined ? undefined : auth.flows.get(flowId);
}

import { Client, Connection } from '@temporalio/client';
import type { AuthStage } from './auth-stage.ts';

/** A client of the system's engine, for looking at what a flow costs it and what it keeps. */
export async function connectEngine({
  system,
}: Pick<AuthStage, 'system'>): Promise<Client & AsyncDisposable> {
  const connection = await Connection.connect({ address: system.engineAddress });
  return Object.assign(new Client({ connection }), {
    [Symbol.asyncDispose]: () => connection.close(),
  });
}

/** How many events the workflow's history has. */
export async function historyLength(client: Client, workflowId: string): Promise<number> {
  return (await client.workflow.getHandle(workflowId).describe()).historyLength;
}

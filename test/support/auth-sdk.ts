import { Kernel } from '@onkernel/sdk';
import type { ConnectionFollowResponse } from '@onkernel/sdk/resources/auth/connections';
import type { AuthStage } from './auth-stage.ts';

/** The vendor's client as it is, with the requests that it made. */
export interface Sdk {
  readonly client: Kernel;
  /** `POST /auth/connections`, in order. */
  readonly requests: string[];
}

/** A state frame as the SDK's users get it. */
export type State = Extract<ConnectionFollowResponse, { event: 'managed_auth_state' }> & {
  interaction_id?: string | null;
};

/** The SDK, pointed at our server. */
export function createSdk({ system }: Pick<AuthStage, 'system'>): Sdk {
  const requests: string[] = [];
  const client = new Kernel({
    apiKey: system.token,
    baseURL: system.baseUrl,
    fetch: (input, init) => {
      requests.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
      return fetch(input, init);
    },
  });
  return { client, requests };
}

/** Follows a flow to the end of its stream and hands every state to `onState` as it comes. */
export async function followAll(
  { client }: Sdk,
  id: string,
  onState: (state: State, index: number) => unknown = () => undefined,
): Promise<State[]> {
  const states: State[] = [];
  for await (const event of await client.auth.connections.follow(id)) {
    if (event.event === 'error') throw new Error(`error frame: ${JSON.stringify(event)}`);
    if (event.event !== 'managed_auth_state') continue;
    states.push(event);
    await onState(event, states.length - 1);
  }
  return states;
}

/** Status and step of each state. */
export function steps(states: readonly State[]): string[] {
  return states.map(({ flow_status, flow_step }) => `${flow_status}/${flow_step}`);
}

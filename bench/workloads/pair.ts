import { type Api, createApi } from '../client/api.ts';
import { openStoreEye, type StoreEye } from '../client/store-eye.ts';
import { type BareSystem, startBare } from '../system/bare.ts';
import { type LongturnSystem, startLongturn } from '../system/longturn.ts';

/** Both sides of a comparison, running beside each other; only one of them is given work at a time. */
export interface Pair extends AsyncDisposable {
  longturn: LongturnSystem;
  api: Api;
  eye: StoreEye;
  bare: BareSystem;
}

/** Agents of the bench: one whose tool is allowed, one whose tool asks. */
export const PLAIN_AGENT = 'bench-plain';
export const ASKING_AGENT = 'bench-asking';

export async function putAgents(api: Api): Promise<void> {
  await api.putAgent(PLAIN_AGENT, 'allow');
  await api.putAgent(ASKING_AGENT, 'ask');
}

export async function startPair(nodeArgs: readonly string[]): Promise<Pair> {
  const running = new AsyncDisposableStack();
  try {
    const longturn = running.use(await startLongturn({ nodeArgs }));
    const bare = running.use(await startBare());
    const api = running.use(createApi(longturn));
    const eye = running.use(openStoreEye(longturn.dataDir));
    await putAgents(api);
    return { longturn, api, eye, bare, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

/** Runs both sides of a round, the other one first each time, so that drift hits both. */
export async function alternate(round: number, sides: (() => Promise<void>)[]): Promise<void> {
  for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
}

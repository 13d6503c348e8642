import type { Stuck, TurnSnapshot } from '../../../contract/index.ts';
import type { Store, TurnRecord } from '../../../store/store.ts';
import { hasEnded } from '../../../store/turn/turn-states.ts';
import {
  EngineUnavailable,
  MessageRefused,
  TurnClosed,
  type TurnGateway,
} from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { readUntil } from '../../read-until.ts';
import { findTurn } from './find.ts';

const END_WITHIN_MS = 2_000;

/** A turn's row and, while it is worked on, the state that its workflow reports. */
export interface LiveTurn {
  record: TurnRecord;
  /** Absent when the turn is not running, or nobody answers for it now. */
  snapshot?: TurnSnapshot;
  /** Why nobody answers for it, where the engine knows. */
  stuck?: Stuck;
}

/** Reads a turn; asks its workflow where the row says that it is being worked on. */
export async function readLive(store: Store, gateway: TurnGateway, id: string): Promise<LiveTurn> {
  const record = await findTurn(store, id);
  if (record.state === 'queued' || hasEnded(record.state)) return { record };
  try {
    return { record, snapshot: await gateway.snapshot(id) };
  } catch (error) {
    if (error instanceof EngineUnavailable) return { record, ...(await whyStuck(gateway, id)) };
    // Closed: the workflow ended the row before it closed.
    if (error instanceof TurnClosed) return { record: await findTurn(store, id) };
    throw error;
  }
}

/** A turn whose tasks fail does not answer queries either. */
async function whyStuck(gateway: TurnGateway, id: string): Promise<{ stuck?: Stuck }> {
  try {
    const stuck = await gateway.stuck(id);
    return stuck ? { stuck } : {};
  } catch (error) {
    if (error instanceof EngineUnavailable || error instanceof TurnClosed) return {};
    throw error;
  }
}

/** Whether the workflow is closed, or is writing its end just now: the store will know. */
export function isEnding(error: unknown): boolean {
  return error instanceof TurnClosed || (error instanceof MessageRefused && error.code === 'turn_ended');
}

/**
 * The row of a turn whose workflow is closed, once it says so. After 2 s without an end the row is lost and is ended here.
 * Throws {@link EngineUnavailable} when the engine does not answer.
 */
export async function awaitEnd(
  { store, endLost }: Pick<ApiDeps, 'store' | 'endLost'>,
  id: string,
  cancelled?: Parameters<ApiDeps['endLost']>[1],
): Promise<TurnRecord> {
  const ended = (turn: TurnRecord) => hasEnded(turn.state);
  const stored = await readUntil(() => findTurn(store, id), ended, END_WITHIN_MS);
  if (ended(stored)) return stored;
  await endLost(id, cancelled);
  const record = await findTurn(store, id);
  if (hasEnded(record.state)) return record;
  throw new EngineUnavailable(`The workflow of turn ${id} is closed and its row has no end yet.`);
}

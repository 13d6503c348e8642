import { isTerminal, type TurnEvent } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import { EventsBehind, EventsDiverge } from '../../store/store-error.ts';
import type { ActivityDeps } from '../deps.ts';
import { assertOpen, openTurn, runAtWork, turnOver } from './turn-fence.ts';

type CarryDeps = Pick<ActivityDeps, 'store' | 'feed' | 'executions' | 'log' | 'now'>;

const APPROVAL_EVENTS = new Set(['approval.requested', 'approval.resolved']);

/**
 * Appends the events that an activity carries, before it does anything else, and hints at it. Returns the turn; one that has
 * ended is refused, as by {@link openTurn}.
 */
export async function appendCarried(
  deps: CarryDeps,
  turnId: string,
  events: TurnEvent[],
): Promise<TurnRecord> {
  if (events.length === 0) return await openTurn(deps.store, turnId);
  return assertOpen(turnId, await carry(deps, turnId, events));
}

async function carry(deps: CarryDeps, turnId: string, events: TurnEvent[]): Promise<TurnRecord | undefined> {
  const { store, feed } = deps;
  const { added, turn } = await store.events.append(turnId, events).catch(async (error) => {
    if (!(error instanceof EventsBehind || error instanceof EventsDiverge)) throw error;
    const reconciled = await reconcileEvents(deps, turnId, events, error);
    return { added: reconciled, turn: await store.turns.get(turnId) };
  });
  if (added > 0) feed.publish({ topic: 'turn', turnId, change: 'stored' });
  if (added > 0 && events.some((event) => APPROVAL_EVENTS.has(event.type)))
    feed.publish({ topic: 'approvals' });
  return turn;
}

/**
 * Appends events that do not follow those of the store, save the terminal one: an older database of the store, or of the
 * engine, was restored, or the workflow was reset. Returns how many were new.
 */
export async function reconcileEvents(
  deps: CarryDeps,
  turnId: string,
  events: TurnEvent[],
  fault: EventsBehind | EventsDiverge,
): Promise<number> {
  const told = events.filter((event) => !isTerminal(event));
  return fault instanceof EventsBehind
    ? await catchUp(deps, turnId, told)
    : await setBack(deps, turnId, told, fault);
}

/** An older store was restored: what it lacks is in the history of the workflow. */
async function catchUp(
  { store, executions, log }: CarryDeps,
  turnId: string,
  events: TurnEvent[],
): Promise<number> {
  const first = events[0]?.seq ?? Number.POSITIVE_INFINITY;
  const before = (await executions.carried(turnId)).filter(
    (event) => event.seq < first && !isTerminal(event),
  );
  const { added } = await store.events.append(turnId, [...before, ...events]);
  log.warn({ turnId, events: added }, 'the store lacked events of a turn; they were taken from its history');
  return added;
}

/** The workflow was set back, by a reset or by an older database of the engine: its newest run is the turn. */
async function setBack(
  { store, executions, log, now }: CarryDeps,
  turnId: string,
  events: TurnEvent[],
  { found }: EventsDiverge,
): Promise<number> {
  const { runId } = runAtWork();
  const newest = await executions.find(turnId);
  if (newest?.runId !== runId) throw turnOver(`Another run of the workflow is turn ${turnId} now.`);
  const superseded = await store.events.supersede(turnId, found, now().toISOString());
  log.warn(
    { turnId, from: found.seq, superseded },
    'the workflow of a turn was set back; its later events are superseded',
  );
  return (await store.events.append(turnId, events)).added;
}

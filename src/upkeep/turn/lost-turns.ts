import type { Logger } from 'pino';
import { endOf, endTurn } from '../../activities/turn/finish-turn.ts';
import { restoreSteps } from '../../activities/turn/restored-turn.ts';
import { type Actor, type Failure, isTerminal, type TurnEvent, type TurnFact } from '../../contract/index.ts';
import { closingEvents } from '../../core/turn/closing.ts';
import { LOG_START } from '../../core/turn/turn-log.ts';
import { canonicalJson } from '../../digest.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { NoteDelivery } from '../../notes/note-delivery.ts';
import type { Store, TurnRecord } from '../../store/store.ts';
import type { TurnExecution, TurnExecutions } from '../../temporal/turn/turn-executions.ts';
import type { TurnToStart } from '../../temporal/turn/turn-gateway.ts';
import type { TurnObserver } from '../../temporal/turn/turn-observer.ts';

export interface LostTurnsDeps {
  store: Store;
  feed: LiveFeed;
  executions: Pick<TurnExecutions, 'find' | 'carried'>;
  observer: Pick<TurnObserver, 'eventsSince'>;
  noteDelivery: Pick<NoteDelivery, 'changed'>;
  startTurn(turn: TurnToStart): Promise<boolean>;
  log: Logger;
  now(): Date;
}

/** Who asked for the end of a turn, so that one whose end nobody knows counts as cancelled by them. */
export interface CancelledBy {
  by: Actor;
  reason: string | undefined;
}

/**
 * `open`: its workflow works on it. `unstarted`: it never had one. `ended`: it had lost its workflow and was ended now, with
 * its real end (`told`) or with the code. `over`: its row has an end, or waits in the queue.
 */
export type Finding =
  | { found: 'open'; runId: string }
  | { found: 'unstarted' | 'over' }
  | { found: 'ended'; code: string }
  | { found: 'told'; code: 'told' };

/** Compares a turn's row with its workflow, and ends a row whose workflow is closed or gone. */
export interface LostTurns {
  /** Throws EngineUnavailable, StoreError: nothing was changed. */
  settle(turnId: string, cancelled?: CancelledBy): Promise<Finding>;
}

/** How long a closed workflow may take to tell its events, in milliseconds; then its history is read. */
const QUERY_WAIT_MS = 2_000;

const GONE: Failure = {
  code: 'history_lost',
  message: 'The engine does not know the turn: its history is lost.',
};
const CAUSES: Record<string, Failure> = {
  TERMINATED: { code: 'terminated', message: 'The turn was terminated in the engine.' },
  TIMED_OUT: { code: 'timed_out', message: 'The engine ended the turn: its workflow timed out.' },
  FAILED: { code: 'internal_error', message: 'The workflow of the turn failed.' },
  CANCELLED: { code: 'cancelled', message: 'The turn was cancelled in the engine.' },
  COMPLETED: {
    code: 'store_restored',
    message: 'The turn had ended before the store was restored, and its history does not tell how.',
  },
};

export function createLostTurns(deps: LostTurnsDeps): LostTurns {
  return {
    async settle(turnId, cancelled) {
      const turn = await deps.store.turns.get(turnId);
      if (!turn || turn.endedAt || turn.state === 'queued') return { found: 'over' };
      const execution = await deps.executions.find(turnId);
      if (execution?.open) return { found: 'open', runId: execution.runId };
      if (!execution && turn.state === 'starting') return { found: 'unstarted' };
      return await endLost(deps, turn, execution, cancelled);
    },
  };
}

/** Ends one turn whose workflow is closed or gone: its open calls, its terminal event, its row. */
async function endLost(
  deps: LostTurnsDeps,
  turn: TurnRecord,
  execution: TurnExecution | undefined,
  cancelled: CancelledBy | undefined,
): Promise<Finding> {
  const at = deps.now().toISOString();
  const archived = await deps.store.events.list(turn.id);
  const told = execution ? await toldEvents(deps, turn, execution) : [];
  const known = continued(archived, told);
  const realEnd = told.find(isTerminal);
  const failure = execution ? (CAUSES[execution.status] ?? unknownStatus(execution)) : GONE;
  const end: TurnFact = realEnd ?? invented(turn, failure, cancelled);
  const events = known.some(isTerminal) ? known : [...known, ...closingEvents(turn.id, known, end, at)];
  const last = events.at(-1);
  if (!last || !isTerminal(last)) throw new Error(`Turn ${turn.id} has events behind its end.`);
  const usage = 'usage' in last ? last.usage : turn.usage;
  const fresh = events.filter((event) => event.seq > archived.length);
  const ended = await endTurn(deps, {
    turnId: turn.id,
    usage,
    endedAt: last.at,
    events: fresh,
    ...endOf(last),
  });
  if (!ended) return { found: 'over' };
  await restoreSteps(deps.store, turn.id);
  const code = realEnd ? 'told' : cancelled ? 'cancelled' : failure.code;
  deps.log.warn({ turnId: turn.id, workflow: execution?.status ?? 'not found', code }, 'lost turn ended');
  return code === 'told' ? { found: 'told', code } : { found: 'ended', code };
}

function invented(turn: TurnRecord, error: Failure, cancelled: CancelledBy | undefined): TurnFact {
  if (!cancelled) return { type: 'turn.failed', error, usage: turn.usage };
  const { by, reason } = cancelled;
  return { type: 'turn.cancelled', by, ...(reason !== undefined && { reason }) };
}

function unknownStatus({ status }: TurnExecution): Failure {
  return { code: 'internal_error', message: `The workflow of the turn is ${status}.` };
}

/** The archive and what the workflow told beyond it, as long as that is the same story without a gap. */
function continued(archived: TurnEvent[], told: TurnEvent[]): TurnEvent[] {
  const isOther = (event: TurnEvent) => {
    const same = archived[event.seq - 1];
    return same !== undefined && canonicalJson(same) !== canonicalJson(event);
  };
  if (told.some(isOther)) return archived;
  const known = [...archived];
  for (const event of told) if (event.seq === known.length + 1) known.push(event);
  return known;
}

/**
 * What a closed workflow tells. One that completed has handed every event to an activity: its history has them all. Of any
 * other, readers may have seen more: it is asked, where a worker can replay it.
 */
async function toldEvents(
  { observer, executions, log }: LostTurnsDeps,
  { id: turnId }: TurnRecord,
  { status }: TurnExecution,
): Promise<TurnEvent[]> {
  const carried = await executions.carried(turnId);
  if (status === 'COMPLETED') return carried;
  try {
    const live: TurnEvent[] = [];
    for (let position = LOG_START, more = true; more; ) {
      const page = await observer.eventsSince(turnId, position, QUERY_WAIT_MS);
      live.push(...page.events);
      ({ position, more } = page);
    }
    const first = live[0]?.seq ?? Number.POSITIVE_INFINITY;
    return [...carried.filter((event) => event.seq < first), ...live];
  } catch (error) {
    log.info({ err: error, turnId }, 'closed workflow does not answer; its history is what is known');
    return carried;
  }
}

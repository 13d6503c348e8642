import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { endTurn } from '../activities/finish-turn.ts';
import type { EndStatus, Failure, TurnEvent, TurnFact } from '../contract/index.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { Store, TurnRecord } from '../store/store.ts';
import { type Names, TURN_WORKFLOW, UNNAMED } from '../temporal/names.ts';
import type { TurnToStart } from '../temporal/turn-gateway.ts';
import { LOG_START, type TurnObserver } from '../temporal/turn-observer.ts';
import { createTurnLog } from '../workflows/turn-log.ts';
import { apply, callsOf, initialTurnState, isOpen } from '../workflows/turn-state.ts';

export interface ReconcilerDeps {
  client: Client;
  /** Of the installation. Default: those without an id. */
  names?: Names;
  observer: TurnObserver;
  store: Store;
  feed: LiveFeed;
  startTurn(turn: TurnToStart): Promise<boolean>;
  log: Logger;
  now(): Date;
}

/** Ends the rows of turns whose workflow was closed outside our code. */
export interface Reconciler {
  /** Looks at what was closed since the last look, with overlap. Returns how many turns it ended. */
  run(): Promise<number>;
}

/** How far back the first look goes, and by how much looks overlap: visibility may lag. In milliseconds. */
const FIRST_LOOK_MS = 7 * 86_400_000;
const OVERLAP_MS = 60_000;

const CAUSES: Record<string, Failure> = {
  TERMINATED: { code: 'terminated', message: 'The turn was terminated in the engine.' },
  TIMED_OUT: { code: 'timed_out', message: 'The engine ended the turn: its workflow timed out.' },
  FAILED: { code: 'internal_error', message: 'The workflow of the turn failed.' },
  CANCELLED: { code: 'cancelled', message: 'The turn was cancelled in the engine.' },
  COMPLETED: { code: 'internal_error', message: 'The workflow of the turn ended without telling the store.' },
};

/** Terminated, timed out, failed: none of these reaches the turn's last step. Cancelled and completed are there for certainty. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { client, names = UNNAMED, store, log, now } = deps;
  let since = new Date(now().getTime() - FIRST_LOOK_MS);
  // Ended rows are not looked at again within the overlap.
  let settled = new Set<string>();

  return {
    async run() {
      const lookAt = now();
      const query = `WorkflowType = '${TURN_WORKFLOW}' AND ExecutionStatus IN ('Terminated','TimedOut','Failed','Canceled') AND CloseTime >= '${since.toISOString()}'`;
      const seen = new Set<string>();
      let ended = 0;
      for await (const execution of client.workflow.list({ query })) {
        const turnId = names.turnIdOf(execution.workflowId);
        if (!turnId) continue;
        seen.add(turnId);
        if (settled.has(turnId)) continue;
        const turn = await store.turns.get(turnId);
        if (turn && !turn.endedAt && (await endLost(deps, turn, execution.status.name))) {
          ended += 1;
          log.warn({ turnId, status: execution.status.name }, 'turn ended by the reconciler');
        }
      }
      settled = seen;
      since = new Date(lookAt.getTime() - OVERLAP_MS);
      return ended;
    },
  };
}

/** Ends one turn whose workflow is closed: its open calls, its terminal event, its row. */
async function endLost(deps: ReconcilerDeps, turn: TurnRecord, status: string): Promise<boolean> {
  const at = deps.now().toISOString();
  const known = await knownEvents(deps, turn);
  const last = known.at(-1);
  const state = known.reduce(apply, initialTurnState());
  const lost = createTurnLog(turn.id, () => at, { base: { seq: last?.seq ?? 0, chain: '' }, state });
  const error = CAUSES[status] ?? {
    code: 'internal_error',
    message: `The workflow of the turn is ${status}.`,
  };
  const end: EndStatus = state.status === 'running' ? 'failed' : state.status;
  if (state.status === 'running') for (const fact of closingFacts(turn, state, error)) lost.append(fact);

  const archived = (await deps.store.events.list(turn.id)).length;
  const events: TurnEvent[] = [
    ...known.filter((event) => event.seq > archived),
    ...lost.since({ seq: last?.seq ?? 0, chain: '' }).events,
  ];
  const outcome =
    end === 'failed'
      ? { error: state.error ?? error }
      : state.output === undefined
        ? {}
        : { output: state.output };
  return await endTurn(deps, {
    turnId: turn.id,
    status: end,
    usage: turn.usage,
    endedAt: at,
    events,
    ...outcome,
  });
}

/** What readers have seen: the closed workflow still answers, where its history and a worker are there; else the archive. */
async function knownEvents({ observer, store, log }: ReconcilerDeps, turn: TurnRecord): Promise<TurnEvent[]> {
  const archived = await store.events.list(turn.id);
  try {
    const live: TurnEvent[] = [];
    for (let position = LOG_START, more = true; more; ) {
      const page = await observer.eventsSince(turn.id, position);
      live.push(...page.events);
      position = page.position;
      more = page.more;
    }
    return [...archived, ...live.filter((event) => event.seq > archived.length)];
  } catch (error) {
    log.info(
      { err: error, turnId: turn.id },
      'closed workflow does not answer; the archive is what is known',
    );
    return archived;
  }
}

function closingFacts(
  turn: TurnRecord,
  state: ReturnType<typeof initialTurnState>,
  error: Failure,
): TurnFact[] {
  const failure = { code: 'turn_failed', message: 'The turn ended before this call had a result.' };
  const calls = callsOf(state).filter(isOpen);
  return [
    ...calls.flatMap(({ callId, status, inputDigest }): TurnFact[] => [
      ...(status === 'pending'
        ? [{ type: 'approval.resolved', callId, action: 'expired', via: 'turn_ended', inputDigest } as const]
        : []),
      { type: 'tool_call.failed', callId, error: failure },
    ]),
    { type: 'turn.failed', error, usage: turn.usage },
  ];
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ListTurnsQuery } from '../contract/index.ts';
import type { UndeliveredRecord } from '../notes/note-outbox.ts';
import type { Store, TurnRecord } from '../store/store.ts';
import type { TurnExecutions } from '../temporal/turn/turn-executions.ts';
import { EngineUnavailable, type TurnToStart } from '../temporal/turn/turn-gateway.ts';
import { type AlignDeps, alignEvents, compareEvents } from './turn/align-turn.ts';
import type { LostTurns } from './turn/lost-turns.ts';
import { differs, isOpenRun, startWaiting, terminateEnded } from './turn/mend-turn.ts';

export interface DoctorDeps extends AlignDeps {
  store: Store;
  executions: Pick<TurnExecutions, 'find' | 'carried' | 'open' | 'terminate'>;
  lostTurns: LostTurns;
  startTurn(turn: TurnToStart): Promise<boolean>;
}

/**
 * What may disagree. `lost`: an open row whose workflow is closed or gone. `unstarted`: a row that waits for a workflow.
 * `ahead`, `behind`: the store has events that the open workflow does not know, or lacks some that it has. `open_after_end`: an open workflow of an ended row.
 * `unknown`: an open workflow of a turn that the store does not have.
 */
export type DisagreementKind = 'lost' | 'unstarted' | 'ahead' | 'behind' | 'open_after_end' | 'unknown';

export interface Disagreement {
  kind: DisagreementKind;
  turnId: string;
  /** A sentence without its end: what was found. */
  found: string;
  /** What was done about it; absent: nothing. */
  mended?: string;
}

export interface Examination {
  openTurns: number;
  openWorkflows: number;
  disagreements: Disagreement[];
  /** Sessions whose record the note store does not have, oldest first, at most {@link PAGE}. */
  undelivered: UndeliveredRecord[];
  /** Turns that could not be compared, with the reason. */
  faults: { turnId: string; reason: string }[];
}

/** How long events may be on their way from the workflow to the store, or an end from the store to it, in milliseconds. */
const ON_THEIR_WAY_MS = 1_000;
/** Rows, or workflows, in one page. */
const PAGE = 200;

/** Compares every open turn of the store with the engine, and the other way round; mends what is safe where it may. */
export async function examine(deps: DoctorDeps, { fix }: { fix: boolean }): Promise<Examination> {
  const undelivered = await deps.store.noteOutbox.undelivered({ limit: PAGE });
  const result: Examination = { openTurns: 0, openWorkflows: 0, disagreements: [], undelivered, faults: [] };
  const look = async (turnId: string, work: () => Promise<Disagreement | undefined>) => {
    try {
      const disagreement = await work();
      if (disagreement) result.disagreements.push(disagreement);
    } catch (error) {
      // An engine that is away is the examination's fault, not the turn's.
      if (error instanceof EngineUnavailable) throw error;
      result.faults.push({ turnId, reason: error instanceof Error ? error.message : String(error) });
    }
  };
  for await (const turn of openTurns(deps.store)) {
    result.openTurns += 1;
    await look(turn.id, () => examineRow(deps, turn, fix));
  }
  let page: Uint8Array | undefined;
  do {
    const { items, next } = await deps.executions.open(PAGE, page);
    for (const execution of items) {
      result.openWorkflows += 1;
      await look(execution.turnId, () => examineRun(deps, execution, fix));
    }
    page = next;
  } while (page);
  return result;
}

/** Turns whose session is theirs. Read whole before anything is mended: mending moves them between the lists. */
async function* openTurns(store: Store): AsyncIterable<TurnRecord> {
  const found = new Map<string, TurnRecord>();
  for (const status of ['queued', 'running', 'waiting'] as const) {
    let cursor: string | undefined;
    do {
      const query: ListTurnsQuery = { status, limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const { items, nextCursor } = await store.turns.list(query);
      for (const turn of items) if (turn.state !== 'queued') found.set(turn.id, turn);
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  yield* found.values();
}

async function examineRow(
  deps: DoctorDeps,
  { id: turnId }: TurnRecord,
  fix: boolean,
): Promise<Disagreement | undefined> {
  const execution = await deps.executions.find(turnId);
  if (execution?.open) return await examineEvents(deps, turnId, fix);
  const turn = await deps.store.turns.get(turnId);
  if (!turn || turn.endedAt) return undefined;
  if (!execution && turn.state === 'starting') {
    const found = 'its workflow was never started';
    if (!fix) return { kind: 'unstarted', turnId, found };
    if (!(await startWaiting(deps, turnId))) return undefined;
    return { kind: 'unstarted', turnId, found, mended: 'started' };
  }
  const found = execution
    ? `its row is open and its workflow is ${execution.status}`
    : 'its row is open and the engine does not know its workflow';
  if (!fix) return { kind: 'lost', turnId, found };
  const finding = await deps.lostTurns.settle(turnId);
  if (finding.found === 'told') return { kind: 'lost', turnId, found, mended: 'ended as its history tells' };
  if (finding.found === 'ended') return { kind: 'lost', turnId, found, mended: `ended as ${finding.code}` };
  return undefined;
}

async function examineEvents(
  deps: DoctorDeps,
  turnId: string,
  fix: boolean,
): Promise<Disagreement | undefined> {
  let difference = await compareEvents(deps, turnId);
  if (difference.missing.length > 0) {
    // An activity may be about to append them.
    await delay(ON_THEIR_WAY_MS);
    difference = await compareEvents(deps, turnId);
  }
  const { ahead, missing } = difference;
  if (!differs(difference)) return undefined;
  if (fix && !(await alignEvents(deps, turnId, difference))) return undefined;
  if (ahead) {
    const found = `the store has events from ${ahead.seq} on that its workflow does not know`;
    return { kind: 'ahead', turnId, found, ...(fix && { mended: 'these events are superseded' }) };
  }
  const found = `the store lacks ${missing.length} events that its workflow has`;
  return { kind: 'behind', turnId, found, ...(fix && { mended: 'they were taken from its history' }) };
}

async function examineRun(
  deps: DoctorDeps,
  execution: { turnId: string; runId: string },
  fix: boolean,
): Promise<Disagreement | undefined> {
  const { turnId } = execution;
  const turn = await deps.store.turns.get(turnId);
  if (turn && !turn.endedAt) return undefined;
  if (!(await isOpenRun(deps, execution))) return undefined;
  if (!turn) {
    const found =
      'its workflow is open and the store does not have it: of another installation, or admitted after the backup of the store';
    return { kind: 'unknown', turnId, found };
  }
  // The row ends first, and then its workflow closes.
  await delay(ON_THEIR_WAY_MS);
  if (!(await isOpenRun(deps, execution))) return undefined;
  const found = 'its row has ended and its workflow is open';
  if (!fix) return { kind: 'open_after_end', turnId, found };
  await terminateEnded(deps, execution);
  return { kind: 'open_after_end', turnId, found, mended: 'workflow terminated' };
}

/** The examination as text, a line for each finding. */
export function reportOf({
  openTurns,
  openWorkflows,
  disagreements,
  undelivered,
  faults,
}: Examination): string {
  const mended = disagreements.filter((each) => each.mended !== undefined).length;
  return [
    `${openTurns} open turns in the store, ${openWorkflows} open workflows in the engine.`,
    ...disagreements.map(({ turnId, kind, found, mended: done }) =>
      done === undefined ? `${turnId}: ${kind}: ${found}.` : `${turnId}: ${kind}: ${found}; ${done}.`,
    ),
    ...undeliveredLine(undelivered),
    ...faults.map(({ turnId, reason }) => `${turnId}: not examined: ${reason}.`),
    disagreements.length === 0
      ? 'Store and engine agree.'
      : `${disagreements.length} ${disagreements.length === 1 ? 'disagreement' : 'disagreements'}, ${mended} mended.`,
    '',
  ].join('\n');
}

/** It is no disagreement: workers deliver them. */
function undeliveredLine(undelivered: UndeliveredRecord[]): string[] {
  const [oldest] = undelivered;
  if (!oldest) return [];
  const count = `${undelivered.length === PAGE ? 'At least ' : ''}${undelivered.length}`;
  const why =
    oldest.lastError === undefined ? '' : `; ${oldest.attempts} attempts, last error: ${oldest.lastError}`;
  return [
    `${count} sessions' records are not in the note store yet, the oldest since ${oldest.since}${why}.`,
  ];
}

/** Whether everything agrees by now. */
export function isHealthy({ disagreements, faults }: Examination): boolean {
  return faults.length === 0 && disagreements.every((each) => each.mended !== undefined);
}

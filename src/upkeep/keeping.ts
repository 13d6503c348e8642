import type { Logger } from 'pino';
import type { NoteDelivery } from '../notes/note-delivery.ts';
import type { Notes } from '../notes/note-store.ts';
import type { Store } from '../store/store.ts';
import type { HistoryEraser } from '../temporal/history-eraser.ts';
import { EngineUnavailable } from '../temporal/turn/turn-gateway.ts';

/** How many days each kind is kept; absent: for ever. */
export interface Retention {
  /** Ended turns with everything that belongs to them. */
  transcripts?: number;
  /** Full results of tool executions; what the model saw of them belongs to the transcript. */
  ledger?: number;
  /** Partial texts of ended turns. */
  deltas?: number;
  /** Notes, counted from their last change. */
  notes?: number;
}

export interface KeepingDeps {
  store: Pick<Store, 'deletion'>;
  notes: Pick<Notes, 'dropBefore'>;
  noteDelivery: Pick<NoteDelivery, 'flush'>;
  eraser: HistoryEraser;
  retention: Retention;
  log: Logger;
  now(): Date;
}

/** Removes what people have deleted and what is past its retention. Each round is bounded; the next one goes on. */
export interface Keeping {
  /** Empties deleted turns, in the store first, then in the engine. Returns how many are gone from both since. */
  erase(): Promise<number>;
  /** Marks and deletes what is past its retention. */
  expire(): Promise<void>;
}

/** Turns that one round works on. */
const TURNS_A_ROUND = 50;
/** Rows that one transaction deletes, about; a turn may have more, and is gone on with in the same round. */
const ROWS_AT_ONCE = 500;
const BATCHES_A_TURN = 40;
/** What retention takes of each kind in one round. */
const AGED_A_ROUND = 500;
const NOTES_A_ROUND = 100;
const DAY_MS = 86_400_000;

export function createKeeping({
  store,
  notes,
  noteDelivery,
  eraser,
  retention,
  log,
  now,
}: KeepingDeps): Keeping {
  const { deletion } = store;
  const at = () => now().toISOString();
  const daysAgo = (days: number) => new Date(now().getTime() - days * DAY_MS).toISOString();

  async function isEmptied(turnId: string): Promise<boolean> {
    for (let batch = 0; batch < BATCHES_A_TURN; batch += 1) {
      if ((await deletion.empty(turnId, ROWS_AT_ONCE, at())) === 'emptied') return true;
    }
    return false;
  }

  /** True when neither the tables nor the engine hold anything of the turn any more. */
  async function eraseTurn(turnId: string): Promise<boolean> {
    if (!(await isEmptied(turnId))) return false;
    return await eraser.erase(turnId);
  }

  /** Has the records of their sessions delivered without them; then they are deleted whole. Returns how many are. */
  async function finish(turnIds: string[]): Promise<number> {
    if (turnIds.length > 0) await noteDelivery.flush();
    let erased = 0;
    for (const turnId of turnIds) if (await deletion.erased(turnId, at())) erased += 1;
    return erased;
  }

  return {
    async erase() {
      const gone: string[] = [];
      let away: EngineUnavailable | undefined;
      for (const { turnId } of await deletion.unfinished(TURNS_A_ROUND)) {
        try {
          if (await eraseTurn(turnId)) gone.push(turnId);
        } catch (error) {
          // A turn that fails must not stop the others; an engine that is away answers for none of them.
          if (error instanceof EngineUnavailable) {
            away = error;
            break;
          }
          log.warn({ err: error, turnId }, 'deleted turn not erased yet; it is tried again');
        }
      }
      const erased = await finish(gone);
      if (away) throw away;
      await deletion.dropOrphans(AGED_A_ROUND);
      return erased;
    },
    async expire() {
      const { transcripts, ledger, notes: noteDays } = retention;
      if (transcripts !== undefined) {
        const marked = await deletion.markEndedBefore(daysAgo(transcripts), AGED_A_ROUND, at());
        if (marked > 0) log.info({ turns: marked }, 'turns deleted by retention');
      }
      if (ledger !== undefined) await deletion.clearLedger(daysAgo(ledger), AGED_A_ROUND);
      if (noteDays !== undefined) await notes.dropBefore(daysAgo(noteDays), NOTES_A_ROUND);
    },
  };
}

import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';
import type { TurnExecutions, TurnRun } from '../../temporal/turn/turn-executions.ts';
import type { TurnToStart } from '../../temporal/turn/turn-gateway.ts';
import { type AlignDeps, alignEvents, compareEvents } from './align-turn.ts';
import type { LostTurns } from './lost-turns.ts';
import { differs, isOpenRun, startWaiting, terminateEnded } from './mend-turn.ts';
import { createRecent } from './recent.ts';

export interface CheckDeps extends AlignDeps {
  store: Pick<Store, 'turns' | 'events'>;
  executions: Pick<TurnExecutions, 'carried' | 'find' | 'terminate'>;
  lostTurns: LostTurns;
  startTurn(turn: TurnToStart): Promise<boolean>;
  log: Logger;
  /** Told what a disagreement was and what became of it. */
  count(code: string): void;
}

/** Compares one turn with the engine, and mends what disagrees. */
export interface TurnCheck {
  /** From the row: ends it, starts its workflow, or completes its events. True when it was ended. */
  row(turnId: string): Promise<boolean>;
  /** From an open workflow: terminates it where the row ended before the instant. */
  run(run: TurnRun, endedBefore: number): Promise<void>;
}

export function createTurnCheck(deps: CheckDeps): TurnCheck {
  const { store, lostTurns, log, count } = deps;
  const aligned = createRecent(10_000);

  /** Each run once by each process: an older store, or engine, comes with a restart, and a reset with another run. */
  const align = async (turnId: string, runId: string) => {
    if (aligned.has(runId)) return;
    const difference = await compareEvents(deps, turnId);
    if (differs(difference)) {
      if (!(await alignEvents(deps, turnId, difference))) return;
      const code = difference.ahead ? 'set_back' : 'caught_up';
      count(code);
      log.warn({ turnId, code }, 'the events of a turn were not those of its history; they are now');
    }
    aligned.add(runId);
  };

  return {
    async row(turnId) {
      const finding = await lostTurns.settle(turnId);
      switch (finding.found) {
        case 'over':
          return false;
        case 'unstarted':
          if ((await startWaiting(deps, turnId)) === 'started') count('started');
          return false;
        case 'open':
          await align(turnId, finding.runId);
          await store.turns.noteStart(turnId, true);
          return false;
        default:
          count(finding.code);
          return true;
      }
    },
    async run({ turnId, runId }, endedBefore) {
      const turn = await store.turns.get(turnId);
      if (!turn?.endedAt || Date.parse(turn.endedAt) > endedBefore) return;
      if (!(await isOpenRun(deps, { turnId, runId }))) return;
      await terminateEnded(deps, { turnId, runId });
      count('open_after_end');
      log.warn({ turnId, runId }, 'workflow of an ended turn terminated');
    },
  };
}

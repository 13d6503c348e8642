import { condition } from '@temporalio/workflow';
import type { TurnFact } from '../../../src/contract/index.ts';
import type { Turn } from '../../../src/core/turn/turn.ts';
import { runningTurn } from '../../../src/workflows/turn/running-turn.ts';
import { handleMessages } from '../../../src/workflows/turn/turn-handlers.ts';
import { addPending, aTurn } from '../../support/builders.ts';

/** A turn that only takes messages. Its log breaks at the n-th event that a message appends; returns why it was interrupted. */
export async function breakingTurn({ breaksAt }: { breaksAt: number }): Promise<string | undefined> {
  const turn = runningTurn(aTurn());
  addPending(turn, { tool: 'shoot', locus: 'client' });
  breakLog(turn, breaksAt);
  let interruptedBy: string | undefined;
  handleMessages(turn, ({ kind }) => {
    interruptedBy = kind;
  });
  await condition(() => interruptedBy !== undefined || turn.memory.steers.length > 0);
  return interruptedBy;
}

function breakLog({ log }: Turn, breaksAt: number): void {
  const append = log.append;
  let appended = 0;
  log.append = (fact: TurnFact) => {
    appended += 1;
    if (appended === breaksAt) throw new RangeError('Maximum call stack size exceeded');
    return append(fact);
  };
}

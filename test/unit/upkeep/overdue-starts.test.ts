import { expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import type { Store, TurnRecord } from '../../../src/store/store.ts';
import { EngineUnavailable } from '../../../src/temporal/turn/turn-gateway.ts';
import { type TurnRoundsDeps, turnRounds } from '../../../src/upkeep/turn/turn-rounds.ts';
import { startUpkeep } from '../../../src/upkeep/upkeep.ts';
import { poll } from '../../support/poll.ts';

const WAITING = 1_000;

/** The first round of an upkeep over turns whose start was lost, as long as it takes. */
async function firstRound(startTurn: (turn: { id: string }) => Promise<boolean>): Promise<string[]> {
  const noted: string[] = [];
  const rounds = { done: 0 };
  const rest = async () => 0;
  const turns = {
    async overdue(_before: string, limit: number) {
      rounds.done += 1;
      return Array.from({ length: WAITING }, (_, n) => ({ id: `turn-${n}` }) as TurnRecord).slice(0, limit);
    },
    noteStart: async (id: string) => void noted.push(id),
  };
  const deps = {
    store: { turns } as unknown as Store,
    reconciler: { runWhenDue: rest, restMs: () => 60_000 },
    stuck: { run: rest },
    startTurn,
    now: () => new Date(),
  } as unknown as TurnRoundsDeps;
  const upkeep = startUpkeep(turnRounds(deps), createLogger({ level: 'silent' }));
  await poll(() => rounds.done > 0, { what: 'the round has begun' });
  // Disposing waits for the round that runs.
  await upkeep[Symbol.asyncDispose]();
  expect(rounds.done).toBe(1);
  return noted;
}

it('a round sends a bounded number of the starts that were lost, in no order, and notes those that the engine took', async () => {
  const sent: string[] = [];
  const noted = await firstRound(async ({ id }) => {
    sent.push(id);
    return true;
  });
  expect(sent.length).toBe(50);
  expect(noted).toEqual(sent);
  expect(sent).not.toEqual(sent.toSorted((a, b) => Number(a.slice(5)) - Number(b.slice(5))));
});

it('a round asks an engine that is away three times and leaves the rest', async () => {
  let asked = 0;
  const noted = await firstRound(async () => {
    asked += 1;
    throw new EngineUnavailable('away');
  });
  expect(asked).toBe(3);
  expect(noted).toEqual([]);
});

it('a start that fails by itself holds up no other', async () => {
  const noted = await firstRound(async ({ id }) => {
    if (id === 'turn-7') throw new Error('cannot be started');
    return true;
  });
  expect(noted).toHaveLength(49);
});

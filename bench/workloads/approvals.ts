import { setTimeout as delay } from 'node:timers/promises';
import { type Api, SCRIPT } from '../client/api.ts';
import { inFlight } from '../client/in-flight.ts';
import { SETTLE_MS } from '../client/settle.ts';
import { readTurn } from '../client/turn-reader.ts';
import { type Percentiles, percentiles } from '../statistics.ts';
import { ASKING_AGENT, alternate, type Pair } from './pair.ts';

/** Decision sent → terminal event seen (ours), → result of the workflow (bare); a distribution a round. */
export interface ApprovalFigures {
  count: number;
  longturn: Percentiles[];
  bare: Percentiles[];
}

/** Approvals one at a time, both sides in turn. */
export async function measureApprovals(pair: Pair, rounds: number, count: number): Promise<ApprovalFigures> {
  const figures: ApprovalFigures = { count, longturn: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    await alternate(round, [
      async () => {
        figures.longturn.push(percentiles(await inFlight(count, 1, () => approvedTurn(pair.api))));
      },
      async () => {
        const { latenciesMs } = await pair.bare.run({ kind: 'approval', count, inFlight: 1 });
        figures.bare.push(percentiles(latenciesMs));
      },
    ]);
  }
  return figures;
}

async function approvedTurn(api: Api): Promise<number> {
  const turn = await api.startTurn(ASKING_AGENT, SCRIPT);
  const reader = await readTurn(api, turn.id, `${turn.ordinal}.0`);
  const callId = /"callId":"([^"]+)"/.exec(await reader.seen('approval.requested'))?.[1] ?? '';
  await delay(SETTLE_MS);
  const begin = performance.now();
  const [, end] = await Promise.all([
    api.decide(turn.id, callId),
    reader.completed.then(() => performance.now()),
  ]);
  return end - begin;
}

import { recordEvents } from './activity-proxies.ts';
import { MAX_CARRY_BYTES, MAX_PARALLEL_CARRY_BYTES } from './sizes.ts';
import type { Turn } from './turn.ts';
import type { Carry } from './turn-activities.ts';

/** Runs an activity that carries every event which no completed activity has carried yet. What is too much goes ahead. */
export async function carrying<R>(turn: Turn, run: (carry: Carry) => Promise<R>): Promise<R> {
  const { turnId, log } = turn;
  for (
    let part = log.unacknowledged(MAX_CARRY_BYTES);
    part.length < log.unacknowledged().length;
    part = log.unacknowledged(MAX_CARRY_BYTES)
  ) {
    await carryOut(turn, part, (carry) => recordEvents({ turnId, ...carry }));
  }
  return await carryOut(turn, log.unacknowledged(), run);
}

/** The same for one of many calls that are dispatched at once: much goes ahead, once for all of them. */
export async function carryingAtOnce<R>(turn: Turn, run: (carry: Carry) => Promise<R>): Promise<R> {
  const { turnId, log } = turn;
  while (log.unacknowledged(MAX_PARALLEL_CARRY_BYTES).length < log.unacknowledged().length) {
    turn.goingAhead ??= carrying(turn, (carry) => recordEvents({ turnId, ...carry })).finally(() => {
      delete turn.goingAhead;
    });
    await turn.goingAhead;
  }
  return await carryOut(turn, log.unacknowledged(), run);
}

async function carryOut<R>(
  { log }: Turn,
  events: Carry['events'],
  run: (carry: Carry) => Promise<R>,
): Promise<R> {
  const seq = events.at(-1)?.seq ?? 0;
  const running = run({ events });
  log.carried(seq);
  const result = await running;
  log.acknowledge(seq);
  return result;
}

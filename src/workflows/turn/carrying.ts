import {
  HEAVY_BYTES,
  MAX_CARRY_BYTES,
  MAX_PARALLEL_CARRY_BYTES,
  MAX_STEP_CARRY_BYTES,
} from '../../core/turn/sizes.ts';
import { isBounded, type Turn } from '../../core/turn/turn.ts';
import { recordEvents } from './activity-proxies.ts';
import type { Carry } from './turn-activities.ts';

/** Runs an activity that carries every event which no completed activity has carried yet. What is too much goes ahead. */
export async function carrying<R>(turn: Turn, run: (carry: Carry) => Promise<R>): Promise<R> {
  for (;;) {
    const isHeavy = turn.log.unacknowledgedBytes() > HEAVY_BYTES;
    const carried = isHeavy
      ? await alone(turn, () => carryMost(turn, run))
      : { result: await carryOut(turn, turn.log.unacknowledged(), run) };
    if (carried) return carried.result;
  }
}

/** Carries everything with the activity, or as much as may be sent ahead of it: then there is no result yet. */
async function carryMost<R>(
  turn: Turn,
  run: (carry: Carry) => Promise<R>,
): Promise<{ result: R } | undefined> {
  const { turnId, log } = turn;
  const part = log.unacknowledged(MAX_CARRY_BYTES);
  if (part.length === log.unacknowledged().length) return { result: await carryOut(turn, part, run) };
  await carryOut(turn, part, (carry) => recordEvents({ turnId, ...carry }));
  return undefined;
}

/** The same for one of many calls that are dispatched at once: much goes ahead, once for all of them. */
export async function carryingAtOnce<R>(turn: Turn, run: (carry: Carry) => Promise<R>): Promise<R> {
  const { turnId, log } = turn;
  const share = shareOf(turn);
  const isTooMuch = () =>
    isBounded(turn)
      ? log.unacknowledgedBytes() > share
      : log.unacknowledged(share).length < log.unacknowledged().length;
  while (isTooMuch()) {
    turn.goingAhead ??= carrying(turn, (carry) => recordEvents({ turnId, ...carry })).finally(() => {
      delete turn.goingAhead;
    });
    await turn.goingAhead;
  }
  return await carryOut(turn, log.unacknowledged(), run);
}

/** How much each of the step's calls may carry: all of them may be dispatched in one message. */
function shareOf(turn: Turn): number {
  if (!isBounded(turn)) return MAX_PARALLEL_CARRY_BYTES;
  return Math.min(MAX_PARALLEL_CARRY_BYTES, Math.floor(MAX_STEP_CARRY_BYTES / Math.max(turn.abreast, 1)));
}

/** Schedules a heavy activity only when the heavy one before it has ended, so that one message never has two of them. */
export async function alone<R>(turn: Turn, run: () => Promise<R>): Promise<R> {
  if (!isBounded(turn)) return await run();
  const before = turn.heavy;
  let end = () => {};
  turn.heavy = new Promise((resolve) => {
    end = resolve;
  });
  try {
    await before;
    return await run();
  } finally {
    end();
  }
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

import {
  HEAVY_BYTES,
  MAX_CARRY_BYTES,
  MAX_PARALLEL_CARRY_BYTES,
  MAX_STEP_CARRY_BYTES,
} from '../../core/turn/sizes.ts';
import { isBounded } from '../../core/turn/turn.ts';
import { recordEvents } from './activity-proxies.ts';
import type { RunningTurn } from './running-turn.ts';
import type { Carry } from './turn-activities.ts';

/**
 * How events reach the store. The workflow appends an event to its log. The event travels to the store in the input of the
 * next activity that takes a `carry` (asking the model, running a tool, compacting, finishing), which writes it before it
 * does anything else: so it acts only after the store knows why. An event is, in this order:
 *
 * - *unscheduled*: in the log alone, read by queries only;
 * - *scheduled*: in the input of an activity that is scheduled (`log.schedule`);
 * - *acknowledged*: that activity has completed (`log.acknowledge`). Until then each later activity carries it as well,
 *   for the first may be lost; the store knows an event by its number and takes it once.
 *
 * `carrying` runs one activity with all events that are not acknowledged. `carryingAtOnce` does so for the parallel calls of a
 * step, which share one message. `recordEvents` is an activity that writes events and nothing else. It runs where no other
 * activity can take them: before one for which they are too large, before parallel calls whose share they exceed, before
 * the turn's next workflow run, and while the turn is idle, for what people wait for. Other events of an idle turn stay
 * unscheduled, and the feed gets a hint to query for them (`idle.ts`).
 */

/** Runs an activity that carries all events that are not acknowledged; where they are too large, `recordEvents` goes first. */
export async function carrying<R>(turn: RunningTurn, run: (carry: Carry) => Promise<R>): Promise<R> {
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
  turn: RunningTurn,
  run: (carry: Carry) => Promise<R>,
): Promise<{ result: R } | undefined> {
  const { turnId, log } = turn;
  const part = log.unacknowledged(MAX_CARRY_BYTES);
  if (part.length === log.unacknowledged().length) return { result: await carryOut(turn, part, run) };
  await carryOut(turn, part, (carry) => recordEvents({ turnId, ...carry }));
  return undefined;
}

/** The same for one of many calls that are dispatched at once: much goes ahead, once for all of them. */
export async function carryingAtOnce<R>(turn: RunningTurn, run: (carry: Carry) => Promise<R>): Promise<R> {
  const { turnId, log } = turn;
  const share = shareOf(turn);
  const isTooMuch = () =>
    isBounded(turn)
      ? log.unacknowledgedBytes() > share
      : log.unacknowledged(share).length < log.unacknowledged().length;
  while (isTooMuch()) {
    turn.recordingAhead ??= carrying(turn, (carry) => recordEvents({ turnId, ...carry })).finally(() => {
      delete turn.recordingAhead;
    });
    await turn.recordingAhead;
  }
  return await carryOut(turn, log.unacknowledged(), run);
}

/** How much each of the step's calls may carry: all of them may be dispatched in one message. */
function shareOf(turn: RunningTurn): number {
  if (!isBounded(turn)) return MAX_PARALLEL_CARRY_BYTES;
  return Math.min(MAX_PARALLEL_CARRY_BYTES, Math.floor(MAX_STEP_CARRY_BYTES / Math.max(turn.callsInStep, 1)));
}

/** Schedules a heavy activity only when the heavy one before it has ended, so that one message never has two of them. */
export async function alone<R>(turn: RunningTurn, run: () => Promise<R>): Promise<R> {
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
  { log }: RunningTurn,
  events: Carry['events'],
  run: (carry: Carry) => Promise<R>,
): Promise<R> {
  const seq = events.at(-1)?.seq ?? 0;
  const running = run({ events });
  log.schedule(seq);
  const result = await running;
  log.acknowledge(seq);
  return result;
}

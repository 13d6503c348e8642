import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TurnEvent, TurnFact } from '../../../src/contract/index.ts';
import { isOpen } from '../../../src/core/turn/call-state.ts';
import { carriedState } from '../../../src/core/turn/carried-state.ts';
import { chainOf, createTurnLog, GENESIS, type TurnLog } from '../../../src/core/turn/turn-log.ts';
import { callsOf, stateAfter } from '../../../src/core/turn/turn-state.ts';
import { anyFact, NOW } from '../../support/builders.ts';

const START = { seq: 0, chain: GENESIS };
const facts = fc.array(anyFact, { maxLength: 30 });

function logOf(all: TurnFact[], from?: Parameters<typeof createTurnLog>[2]): TurnLog {
  const log = createTurnLog('turn_1', () => NOW, from);
  for (const fact of all) log.append(fact);
  return log;
}

function requested(callId: string): TurnFact {
  return {
    type: 'tool_call.requested',
    callId,
    step: 1,
    tool: 'write',
    locus: 'server',
    gate: 'ask',
    input: {},
    inputDigest: 'sha256:x',
  };
}

/** Everything behind a position, page by page. */
function readAll(log: TurnLog, from = START): TurnEvent[] {
  const events: TurnEvent[] = [];
  for (let position = from, more = true; more; ) {
    const page = log.since(position);
    expect(page.reset).toBe(false);
    events.push(...page.events);
    ({ position, more } = page);
  }
  return events;
}

describe('append', () => {
  it('numbers without a gap, dates, and names the turn', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const events = readAll(logOf(all));
        expect(events.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
        for (const event of events) expect(event).toMatchObject({ at: NOW, turnId: 'turn_1' });
      }),
    );
  });

  it('keeps the state that its events add up to', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const log = logOf(all);
        expect(stateAfter(readAll(log))).toEqual(log.state());
      }),
    );
  });

  it('leaves calls that were read earlier as they were', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const log = createTurnLog('turn_1', () => NOW);
        for (const fact of all) {
          const before = callsOf(log.state());
          const written = JSON.stringify(before);
          log.append(fact);
          expect(JSON.stringify(before)).toBe(written);
        }
      }),
    );
  });

  it('knows which calls are open', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const log = logOf(all);
        const open = callsOf(log.state()).filter(isOpen);
        expect(
          log
            .openCalls()
            .map(({ callId }) => callId)
            .sort(),
        ).toEqual([...new Set(open.map(({ callId }) => callId))].sort());
      }),
    );
  });

  it('looks at no other call than its own, however many there are', () => {
    const log = logOf(
      Array.from({ length: 20_000 }, (_, n) => requested(`call_${n}`)).flatMap((fact, n): TurnFact[] => [
        fact,
        { type: 'tool_call.failed', callId: `call_${n}`, error: { code: 'x', message: '' } },
      ]),
    );
    let touched = 0;
    const { calls } = log.state();
    for (const [callId, call] of Object.entries(calls)) {
      Object.defineProperty(calls, callId, {
        enumerable: true,
        configurable: true,
        get() {
          touched += 1;
          return call;
        },
      });
    }
    log.append(requested('call_new'));
    log.append({ type: 'tool_call.completed', callId: 'call_new', output: '' });
    expect(log.openCalls()).toEqual([]);
    expect(touched).toBe(0);
  });
});

describe('since', () => {
  it('gives exactly the rest, from any position', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const log = logOf(all);
        const events = readAll(log);
        for (let seq = 0; seq <= events.length; seq += 1) {
          const position = { seq, chain: chainOf(events.slice(0, seq)) };
          expect(readAll(log, position)).toEqual(events.slice(seq));
        }
        expect(log.position()).toEqual({ seq: events.length, chain: chainOf(events) });
      }),
    );
  });

  it('pages what is long, and never leaves an event out', () => {
    const texts = Array.from({ length: 7 }, (_, index) => String(index).repeat(200_000));
    const log = logOf([
      ...texts.map((text): TurnFact => ({ type: 'text.completed', step: 1, text })),
      { type: 'text.completed', step: 1, text: 'x'.repeat(900_000) },
      { type: 'step.started', step: 2 },
    ]);
    const first = log.since(START);
    expect(first).toMatchObject({ more: true, position: { seq: 2 } });
    expect(readAll(log).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(log.since(log.position())).toMatchObject({ events: [], more: false });
  });

  it('answers a reader of another history with reset and everything', () => {
    fc.assert(
      fc.property(facts, fc.nat({ max: 40 }), (all, seq) => {
        const log = logOf(all);
        const page = log.since({ seq, chain: 'another' });
        expect(page).toMatchObject({ reset: true, events: readAll(log), base: 0 });
      }),
    );
  });

  it('sees one changed instant in the past', () => {
    const [one, other] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'].map((at) => {
      const log = createTurnLog('turn_1', () => at);
      log.append({ type: 'step.started', step: 1 });
      return log;
    });
    expect(other?.since(one?.position() ?? START).reset).toBe(true);
  });
});

describe('what is carried', () => {
  const log = logOf([
    { type: 'step.started', step: 1 },
    { type: 'step.started', step: 2 },
    { type: 'step.started', step: 3 },
  ]);

  it('is unacknowledged until an activity has completed', () => {
    log.schedule(2);
    expect(log.unscheduled().map(({ seq }) => seq)).toEqual([3]);
    expect(log.unacknowledged().map(({ seq }) => seq)).toEqual([1, 2, 3]);
    log.acknowledge(2);
    expect(log.unacknowledged().map(({ seq }) => seq)).toEqual([3]);
    log.acknowledge(1);
    log.schedule(1);
    expect(log.unacknowledged().map(({ seq }) => seq)).toEqual([3]);
    expect(log.unscheduled().map(({ seq }) => seq)).toEqual([3]);
  });
});

describe('a log that goes on in the next run', () => {
  it('has the same numbers, chain and open calls as one that was never cut', () => {
    fc.assert(
      fc.property(facts, facts, (before, later) => {
        // A call that has its result takes no further event.
        const closed = callsOf(logOf(before).state()).filter((call) => !isOpen(call));
        const after = later.filter(
          (fact) => !('callId' in fact && closed.some(({ callId }) => callId === fact.callId)),
        );
        const whole = logOf([...before, ...after]);
        const first = logOf(before);
        const carried = JSON.parse(JSON.stringify(first.carry())) as ReturnType<TurnLog['carry']>;
        const second = logOf(after, carried);
        expect(second.position()).toEqual(whole.position());
        expect(carriedState(second.state(), Infinity)).toEqual(carriedState(whole.state(), Infinity));
        expect(readAll(second, first.position())).toEqual(readAll(whole, first.position()));
        expect(second.unacknowledged()).toEqual(readAll(second, first.position()));
      }),
    );
  });

  it('sends a reader who knows less to the archive first, without a reset', () => {
    const first = logOf([
      { type: 'step.started', step: 1 },
      { type: 'step.started', step: 2 },
    ]);
    const second = logOf([{ type: 'step.started', step: 3 }], first.carry());
    expect(second.since(START)).toMatchObject({ reset: false, base: 2, events: [{ seq: 3 }] });
    expect(second.since({ seq: 2, chain: 'another' })).toMatchObject({ reset: true, base: 2 });
  });
});

describe('I15: an event', () => {
  it('survives JSON byte for byte, and so does its chain', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const events = readAll(logOf(all));
        const back = JSON.parse(JSON.stringify(events)) as TurnEvent[];
        expect(JSON.stringify(back)).toBe(JSON.stringify(events));
        expect(chainOf(back)).toBe(chainOf(events));
      }),
    );
  });
});

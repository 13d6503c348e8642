import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lighten } from '../../../src/core/turn/carried-state.ts';
import { bytesOf, MAX_INPUT_BYTES, sizeFault } from '../../../src/core/turn/sizes.ts';
import { append } from '../../../src/core/turn/turn.ts';
import { createTurnLog } from '../../../src/core/turn/turn-log.ts';
import { addPending, addRequested, anyFact, aTurn, BY, NOW } from '../../support/builders.ts';

const json = (value: unknown) => bytesOf(JSON.stringify(value));

describe('the size of an input', () => {
  it('is counted in bytes of its JSON', () => {
    const overhead = json({ text: '' });
    const input = (text: string) => ({ text });
    expect(sizeFault(input('x'.repeat(MAX_INPUT_BYTES - overhead)))).toBeUndefined();
    expect(sizeFault(input('x'.repeat(MAX_INPUT_BYTES - overhead + 1)))).toMatch(/larger than 256 KiB/);
    expect(sizeFault(input('€'.repeat(90_000)))).toMatch(/larger than 256 KiB/);
    expect(bytesOf('a€😀')).toBe(8);
  });
});

describe('unacknowledged events', () => {
  it('are given out in parts that fit, in order, and one at least', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 20 }), fc.nat({ max: 2_000 }), (facts, limit) => {
        const log = createTurnLog('turn_1', () => NOW);
        for (const fact of facts) log.append(fact);
        const all = log.unacknowledged();
        const parts = [];
        for (let part = log.unacknowledged(limit); part.length > 0; part = log.unacknowledged(limit)) {
          const size = part.reduce((sum, event) => sum + json(event), 0);
          expect(part.length === 1 || size <= limit).toBe(true);
          parts.push(...part);
          log.acknowledge(part.at(-1)?.seq ?? 0);
        }
        expect(parts).toEqual(all);
      }),
    );
  });
});

describe('a state that is too large to be carried', () => {
  const long = { text: 'x'.repeat(10_000) };
  const turn = aTurn();
  for (const callId of ['call_1', 'call_2', 'call_3']) {
    addPending(turn, { callId, input: long });
    append(turn, {
      type: 'approval.resolved',
      callId,
      action: 'allow',
      by: BY,
      via: 'update',
      input: { text: 'y'.repeat(10_000) },
      inputDigest: 'sha256:edited',
    });
    append(turn, { type: 'tool_call.completed', callId, output: 'done' });
  }
  addRequested(turn, { callId: 'call_4', input: long });
  const state = turn.log.state();

  it('loses the inputs of calls that have their result, oldest first, and nothing else', () => {
    const light = lighten(state, json(state) - 5_000);
    expect(light.calls['call_1']).toEqual({
      ...state.calls['call_1'],
      input: {},
      asked: { ...state.calls['call_1']?.asked, input: {} },
      resolution: { ...state.calls['call_1']?.resolution, editedInput: {} },
    });
    expect(light.calls['call_2']).toEqual(state.calls['call_2']);
    expect(lighten(state, 0).calls['call_4']).toEqual(state.calls['call_4']);
    expect(json(lighten(state, 20_000))).toBeLessThanOrEqual(20_000);
  });

  it('stays as it is where it fits', () => {
    expect(lighten(state, json(state))).toBe(state);
  });
});

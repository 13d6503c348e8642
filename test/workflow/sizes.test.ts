import { describe, expect, it } from '@jest/globals';
import { fakeTool } from '../support/fake-tools.ts';
import { callIdAt, origin } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

// The engine takes no payload above 2 MiB and no message above 4 MiB: a task that has one is repeated for ever.
const echo = fakeTool({ name: 'echo' });
const rig = useWorkflowRig({ tools: [echo] });
const filled = (characters: number, n = 0) => ({ n, text: 'x'.repeat(characters) });

describe('a turn', () => {
  it('ends with an answer that is over a megabyte', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([says('x'.repeat(1_200_000))]));
    const { turn: record, types } = await end(turn.id);
    expect(record.output).toHaveLength(1_200_000);
    expect(types.at(-1)).toBe('turn.completed');
  });

  it('fails with a name, when the model answers more than can be kept', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([says('€'.repeat(600_000))]));
    expect((await end(turn.id)).turn.error).toEqual({
      code: 'model_answer_too_large',
      message: 'The model answered more than 1500000 bytes in one step.',
    });
  });

  it('dispatches many calls with long inputs at once', async () => {
    const { agent, start, end } = rig();
    const calls = Array.from(
      { length: 25 },
      (_, n) => ['echo', filled(50_000, n)] as [string, { n: number }],
    );
    const turn = await start(await agent([asks(...calls), says('end')], { tools: ['echo'] }));
    const { of } = await end(turn.id);
    expect(of('tool_call.completed')).toHaveLength(25);
    expect(echo.count(turn.id)).toBe(25);
  });

  it('waits for people with long inputs, and takes their long edits, all at once', async () => {
    const { agent, start, end, untilEvent, decide } = rig();
    const calls = Array.from(
      { length: 5 },
      (_, n) => ['echo', filled(250_000, n)] as [string, { n: number }],
    );
    const name = await agent([asks(...calls), says('end')], { tools: ['echo'], policy: { default: 'ask' } });
    const turn = await start(name);
    const callIds = calls.map((_, index) => callIdAt(turn.id, 1, index));
    await untilEvent(turn.id, 'approval.requested', ({ callId }) => callId === callIds[4]);
    await expect(
      decide(turn.id, callIds[0] ?? '', { action: 'allow', input: filled(262_144) }),
    ).rejects.toMatchObject({ code: 'input_invalid' });
    await Promise.all(
      callIds.map((callId, n) =>
        decide(turn.id, callId, { action: 'allow', input: filled(250_000, 10 + n) }),
      ),
    );
    await end(turn.id);
    const inputs = echo.executions.filter(({ turnId }) => turnId === turn.id).map(({ input }) => input['n']);
    expect(inputs.sort()).toEqual([10, 11, 12, 13, 14]);
  });

  it('takes up many long messages', async () => {
    const { agent, start, end, pending, decide, gateway, model } = rig();
    const name = await agent([asks(['echo']), says('end')], { tools: ['echo'], policy: { default: 'ask' } });
    const turn = await start(name);
    const callId = await pending(turn.id, 'echo');
    for (let n = 0; n < 30; n += 1) await gateway.steer(turn.id, `${n}: ${'x'.repeat(99_000)}`, origin());
    await decide(turn.id, callId, { action: 'allow' });
    const { of } = await end(turn.id);
    expect(of('turn.steered')).toHaveLength(30);
    expect(model.requests(name)[1]?.messages.filter(({ role }) => role === 'user')).toHaveLength(31);
  });
});

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { turnRounds } from '../../src/upkeep/turn/turn-rounds.ts';
import { startUpkeep } from '../../src/upkeep/upkeep.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

let atOnce = 0;
const overlaps: number[] = [];
const alone = fakeTool({
  name: 'alone',
  run: async () => {
    atOnce += 1;
    overlaps.push(atOnce);
    await Promise.resolve();
    atOnce -= 1;
    return 'done';
  },
});
const ring = fakeTool({ name: 'ring', gate: 'ask' });
const rig = useWorkflowRig({ tools: [alone, ring] });

/** Upkeep whose clock stands so far ahead that every start is overdue at once. */
function upkeep() {
  const { store, reconciler, gateway } = rig();
  const now = () => new Date(Date.now() + 60_000);
  const stuck = { run: async () => 0 };
  const rounds = turnRounds({ store, reconciler, stuck, startTurn: gateway.start, now });
  const sweep = { name: 'sweep', every: 60_000, run: () => store.sweep(now().toISOString()) };
  const deliver = { name: "deliver sessions' records", every: 5_000, run: () => rig().noteDelivery.run() };
  return startUpkeep([...rounds, sweep, deliver], createLogger({ level: 'silent' }));
}

async function reconciled(expected: number): Promise<void> {
  let ended = 0;
  await poll(
    async () => {
      ended += await rig().reconciler.run();
      return ended >= expected;
    },
    { what: `the reconciler ends ${expected} turns`, everyMs: 50 },
  );
  expect(ended).toBe(expected);
}

describe('a turn that was terminated by hand', () => {
  it('ends in the store, with its approvals, and its session goes on', async () => {
    const { agent, start, pending, end, client, store, model } = rig();
    const name = await agent([asks(['ring'], ['ring'])], { tools: ['ring'] });
    const turn = await start(name);
    const callId = await pending(turn.id, 'ring');
    model.script(name, [says('the next one')]);
    const next = await start(name, { sessionId: turn.sessionId });
    expect((await store.turns.get(next.id))?.state).toBe('queued');

    await client.workflow.getHandle(`turn:${turn.id}`).terminate('by hand');
    await reconciled(1);

    const { turn: record, of, types, events } = await end(turn.id);
    expect(record.state).toBe('failed');
    expect(record.error).toEqual({ code: 'terminated', message: 'The turn was terminated in the engine.' });
    expect(of('approval.resolved')).toMatchObject([
      { callId, action: 'expired', via: 'turn_ended' },
      { action: 'expired', via: 'turn_ended' },
    ]);
    expect(types.at(-1)).toBe('turn.failed');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(await store.approvals.ofTurn(turn.id)).toMatchObject([
      { status: 'expired' },
      { status: 'expired' },
    ]);
    expect((await end(next.id)).turn.output).toBe('the next one');
    expect(await rig().reconciler.run()).toBe(0);
  });

  it('keeps the end that its workflow had decided on', async () => {
    const { agent, start, end, client, intercept } = rig();
    const gate = createGate();
    intercept.finishTurn = (run) => gate.passed().then(run);
    const turn = await start(await agent([says('decided')]));
    await gate.reached;
    await client.workflow.getHandle(`turn:${turn.id}`).terminate('by hand');
    await reconciled(1);
    const { turn: record, types } = await end(turn.id);
    expect(record).toMatchObject({ state: 'completed', output: 'decided' });
    expect(types.filter((type) => type === 'turn.completed')).toHaveLength(1);
    gate.open();
  });

  it('ends with what the archive knows, when no worker answers', async () => {
    const { agent, start, end, client, untilEvent, stopWorker, startWorker, store } = rig();
    const turn = await start(await agent([asks(['ring'])], { tools: ['ring'] }));
    await untilEvent(turn.id, 'approval.requested');
    await poll(async () => (await store.approvals.ofTurn(turn.id)).length === 1, { what: 'it is recorded' });
    await stopWorker();
    await client.workflow.getHandle(`turn:${turn.id}`).terminate('by hand');
    await reconciled(1);
    await startWorker();
    expect((await end(turn.id)).turn.error?.code).toBe('terminated');
  });
});

describe('a session', () => {
  it('has its turns one after the other, in order, and never two at once', async () => {
    const { agent, start, end } = rig();
    const count = 6;
    const name = await agent(
      Array.from({ length: count }, () => [asks(['alone'], ['alone']), says('end')]).flat(),
      { tools: ['alone'] },
    );
    const sessionId = `session_${randomUUID()}`;
    const turns = [];
    for (let index = 0; index < count; index += 1) turns.push(await start(name, { sessionId }));
    const ended = await Promise.all(turns.map(({ id }) => end(id)));
    expect(ended.map(({ turn }) => turn.ordinal)).toEqual([1, 2, 3, 4, 5, 6]);
    const spans = ended.map(({ turn }) => [turn.startedAt ?? '', turn.endedAt ?? '']);
    for (const [index, [, endedAt = '']] of spans.entries()) {
      const following = spans[index + 1]?.[0];
      if (following !== undefined) expect(following >= endedAt).toBe(true);
    }
    expect(Math.max(...overlaps)).toBeLessThanOrEqual(2);
  });

  it('goes on though every first start of a turn is lost', async () => {
    const { agent, start, end, beforeStart, store } = rig();
    const count = 3;
    const name = await agent(Array.from({ length: count }, () => says('end')));
    const seen = new Set<string>();
    let losses = 0;
    beforeStart.run = (turn) => {
      if (seen.has(turn.id)) return;
      seen.add(turn.id);
      losses += 1;
      throw new Error('the engine is away');
    };
    const sessionId = `session_${randomUUID()}`;
    const turns = [];
    for (let index = 0; index < count; index += 1) turns.push(await start(name, { sessionId }));
    expect((await store.turns.get(turns[0]?.id ?? ''))?.state).toBe('starting');
    for (const { id } of turns) {
      await poll(
        async () => {
          await using _round = upkeep();
          return (await store.turns.get(id))?.endedAt !== undefined;
        },
        { what: `turn ${id} is started after all`, everyMs: 20 },
      );
      await end(id);
    }
    expect(losses).toBe(count);
  });

  it('does not wait for a turn that was cancelled in the queue', async () => {
    const { agent, start, end, store } = rig();
    const gate = createGate();
    const name = await agent([onceOpen(gate, says('first')), says('third')]);
    const first = await start(name);
    const { sessionId } = first;
    const second = await start(name, { sessionId });
    const third = await start(name, { sessionId });
    const at = new Date().toISOString();
    const event = { seq: 1, type: 'turn.cancelled' as const, at, turnId: second.id };
    await store.turns.cancelQueued(second.id, event, at);
    gate.open();
    await end(first.id);
    expect((await end(third.id)).turn.output).toBe('third');
    expect((await end(second.id)).types).toEqual(['turn.cancelled']);
  });
});

describe('starting a turn', () => {
  it('twice makes one workflow', async () => {
    const { agent, start, gateway, end } = rig();
    const gate = createGate();
    const turn = await start(await agent([onceOpen(gate, says('once'))]));
    expect(await gateway.start(turn)).toBe(false);
    gate.open();
    await end(turn.id);
    expect(await gateway.start(turn)).toBe(false);
  });
});

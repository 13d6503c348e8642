import { describe, expect, it } from '@jest/globals';
import { createReconciler } from '../../src/upkeep/turn/reconciler.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask' });
const rig = useWorkflowRig({ tools: [ring] });

const digests = { definition: `sha256:${'0'.repeat(64)}`, catalogue: `sha256:${'0'.repeat(64)}` };

/** A turn that the store believes to run and of which the engine never heard. */
async function forgotten(agent: string, sessionId: string) {
  const { store } = rig();
  const at = new Date().toISOString();
  const id = `turn_${crypto.randomUUID()}`;
  const turn = {
    id,
    sessionId,
    agent,
    input: 'go',
    clientTools: [],
    limits: {},
    metadata: {},
    createdAt: at,
  };
  await store.turns.admit(turn);
  await store.turns.begin(id, digests, at);
  return id;
}

const reconciled = (turnId: string) =>
  poll(
    async () => {
      await rig().reconciler.run();
      return (await rig().store.turns.get(turnId))?.endedAt !== undefined;
    },
    { what: `the reconciler ends ${turnId}`, everyMs: 50 },
  );

describe('a row whose workflow the engine does not know', () => {
  it('ends as history_lost, and its session goes on', async () => {
    const { agent, start, end } = rig();
    const name = await agent([says('the next one')]);
    const id = await forgotten(name, 'session_forgotten');
    const next = await start(name, { sessionId: 'session_forgotten' });
    await reconciled(id);
    const { turn, types } = await end(id);
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'history_lost' } });
    expect(types).toEqual(['turn.failed']);
    expect((await end(next.id)).turn.output).toBe('the next one');
  });

  it('is started where it has not begun', async () => {
    const { agent, start, end, beforeStart, reconciler } = rig();
    const name = await agent([says('started after all')]);
    beforeStart.run = () => {
      throw new Error('the engine is away');
    };
    const turn = await start(name);
    beforeStart.run = () => {};
    await reconciler.run();
    expect((await end(turn.id)).turn.output).toBe('started after all');
    expect(reconciler.figures().disagreements['started']).toBeGreaterThan(0);
  });

  it('is ended by whoever cancels it, as cancelled', async () => {
    const { agent, end, lostTurns } = rig();
    const id = await forgotten(await agent([]), 'session_cancelled');
    const by = { tokenId: 'token-anna', name: 'anna' };
    expect(await lostTurns.settle(id, { by, reason: 'no more' })).toEqual({
      found: 'ended',
      code: 'cancelled',
    });
    const { turn, events } = await end(id);
    expect(turn.state).toBe('cancelled');
    expect(events).toMatchObject([{ type: 'turn.cancelled', by, reason: 'no more' }]);
    expect(await lostTurns.settle(id)).toEqual({ found: 'over' });
  });
});

describe('a row whose workflow completed', () => {
  it('gets its real end out of the history, with no worker to ask', async () => {
    const { agent, start, end, pending, decide, intercept, stopWorker, startWorker, executions, store } =
      rig();
    const turn = await start(await agent([asks(['ring']), says('the real end')], { tools: ['ring'] }));
    const callId = await pending(turn.id, 'ring');
    await poll(async () => (await store.events.list(turn.id)).length > 0, { what: 'the archive has a part' });
    // From here on the store keeps nothing, as an older copy of it would not.
    const lose = async () => undefined;
    Object.assign(intercept, { recordEvents: lose, finishTurn: lose });
    await decide(turn.id, callId, { action: 'deny' });
    await poll(async () => (await executions.find(turn.id))?.status === 'COMPLETED', {
      what: 'it completes',
    });
    await stopWorker();
    await reconciled(turn.id);
    await startWorker();
    const { turn: record, events } = await end(turn.id);
    expect(record).toMatchObject({ state: 'completed', output: 'the real end' });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(await store.approvals.ofTurn(turn.id)).toMatchObject([{ status: 'denied' }]);
  });
});

describe('a row that cannot be reconciled', () => {
  it('stops no other', async () => {
    const { agent, store, executions, lostTurns, gateway, end } = rig();
    const name = await agent([]);
    const bad = await forgotten(name, 'session_bad');
    const good = await forgotten(name, 'session_good');
    const now = () => new Date(Date.now() + 60_000);
    const settle = (turnId: string) => {
      if (turnId === bad) throw new Error('cannot follow');
      return lostTurns.settle(turnId);
    };
    const log = { warn() {}, info() {} } as never;
    const deps = { store, executions, feed: rig().feed, startTurn: gateway.start, log, now };
    const reconciler = createReconciler({ ...deps, lostTurns: { settle: async (id) => settle(id) } });
    await reconciler.run();
    expect((await end(good)).turn.error?.code).toBe('history_lost');
    expect((await store.turns.get(bad))?.endedAt).toBeUndefined();
    expect(reconciler.figures()).toMatchObject({ faults: 1, disagreements: { history_lost: 1 } });
    await reconciled(bad);
  });
});

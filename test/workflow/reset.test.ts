import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { UNNAMED } from '../../src/temporal/names.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const executed: string[] = [];
const effect = fakeTool({
  name: 'effect',
  gate: 'ask',
  idempotent: false,
  run: async (_input, { callId }) => {
    executed.push(callId);
    return 'done';
  },
});
const free = fakeTool({
  name: 'free',
  run: async (_input, { callId }) => {
    executed.push(callId);
    return 'done';
  },
});
const rig = useWorkflowRig({ tools: [effect, free] });

const times = (callId: string) => executed.filter((id) => id === callId).length;

/** As `temporal workflow reset` does it; signals and updates that came later are not applied again. */
async function reset(turnId: string, toTask: 'first' | number): Promise<string> {
  const { client } = rig();
  const workflowId = UNNAMED.turnWorkflowId(turnId);
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes != null);
  const task = tasks.at(toTask === 'first' ? 0 : toTask);
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    reason: 'by hand',
    workflowTaskFinishEventId: task?.eventId ?? null,
    requestId: randomUUID(),
    resetReapplyExcludeTypes: [1, 2],
  });
  return runId;
}

const closes = (turnId: string) =>
  poll(async () => (await rig().executions.find(turnId))?.open === false, {
    what: `the newest run of ${turnId} is closed`,
  });

describe('a turn whose workflow is reset while it is open', () => {
  it('is the turn again: later events are superseded and kept, and no tool runs twice', async () => {
    const { agent, start, pending, decide, end, store, reconciler } = rig();
    const name = await agent([asks(['effect']), asks(['effect']), says('end')], { tools: ['effect'] });
    const turn = await start(name);
    const first = await pending(turn.id, 'effect');
    await decide(turn.id, first, { action: 'allow' });
    await poll(async () => (await store.approvals.ofTurn(turn.id)).length === 2, { what: 'the second call' });
    const before = await store.events.list(turn.id);
    await reset(turn.id, 'first');
    await reconciler.run();
    expect((await store.turns.get(turn.id))?.endedAt).toBeUndefined();

    await pending(turn.id, 'effect');
    // Both story and inbox are as they were when the first call waited.
    await poll(
      async () => (await store.approvals.ofTurn(turn.id)).map(({ status }) => status).join() === 'pending',
      { what: 'the first call waits again, the second is not asked for yet' },
    );
    expect((await store.turns.get(turn.id))?.pending).toMatchObject([{ callId: first }]);
    await decide(turn.id, first, { action: 'allow' });
    const second = await poll(
      async () =>
        (await store.approvals.ofTurn(turn.id)).find(
          ({ status, callId }) => callId !== first && status === 'pending',
        ),
      { what: 'the second call is asked for' },
    );
    await decide(turn.id, second.callId, { action: 'deny' });
    const { turn: record, events, types } = await end(turn.id);
    expect(record).toMatchObject({ state: 'completed', output: 'end', resets: 1 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(types.filter((type) => type === 'turn.completed')).toHaveLength(1);
    expect([times(first), times(second.callId)]).toEqual([1, 0]);
    const kept = await store.events.superseded(turn.id);
    expect(kept.length).toBeGreaterThan(0);
    expect(before.slice(-kept.length)).toEqual(kept);
  });
});

describe('a turn whose workflow is reset to where it only waits', () => {
  it('is shown as what it waits for, by a worker that had compared it before too', async () => {
    const { agent, start, pending, decide, end, store, reconciler } = rig();
    const name = await agent([asks(['effect']), asks(['effect']), says('end')], { tools: ['effect'] });
    const turn = await start(name);
    const statuses = async () => (await store.approvals.ofTurn(turn.id)).map(({ status }) => status).join();
    const first = await pending(turn.id, 'effect');
    const tasks = await tasksOnceParked(turn.id);
    await reconciler.run();
    await decide(turn.id, first, { action: 'allow' });
    await poll(async () => (await statuses()) === 'allowed,pending', { what: 'the second call waits' });
    await reset(turn.id, tasks - 1);

    await poll(
      async () => {
        await reconciler.run();
        return (await statuses()) === 'pending';
      },
      { what: 'the first call waits again', everyMs: 50 },
    );
    expect((await store.turns.get(turn.id))?.pending).toMatchObject([{ callId: first }]);
    await decide(turn.id, first, { action: 'deny' });
    await poll(async () => (await statuses()) === 'denied,pending', { what: 'the second call waits again' });
    const second = (await store.approvals.ofTurn(turn.id)).find(({ status }) => status === 'pending');
    await decide(turn.id, second?.callId ?? '', { action: 'deny' });
    expect((await end(turn.id)).turn).toMatchObject({ state: 'completed', resets: 1 });
    expect(times(first)).toBe(1);
  });
});

/** How many workflow tasks a turn has completed when its one call is recorded and it only waits. */
async function tasksOnceParked(turnId: string): Promise<number> {
  const { store, client } = rig();
  await poll(async () => (await store.approvals.ofTurn(turnId)).length === 1, { what: 'it is recorded' });
  return await poll(
    async () => {
      const { events } = await client.workflow.getHandle(UNNAMED.turnWorkflowId(turnId)).fetchHistory();
      const isTask = events?.at(-1)?.workflowTaskCompletedEventAttributes != null;
      return isTask && events?.filter((event) => event.workflowTaskCompletedEventAttributes != null).length;
    },
    { what: 'the turn only waits' },
  );
}

describe('a turn whose workflow is reset after its end', () => {
  it('stays as it ended: the reset run asks no model, runs no tool, and ends at once', async () => {
    const { agent, start, end, model, store, leaveOpen } = rig();
    const name = await agent([asks(['free']), says('end')], { tools: ['free'] });
    const turn = await start(name);
    const before = await end(turn.id);
    model.script(name, [says('the next one')]);
    const next = await start(name, { sessionId: turn.sessionId });
    await end(next.id);
    await closes(turn.id);
    leaveOpen(turn.id, 'its reset run is not its story');
    const asked = executed.length;
    const runId = await reset(turn.id, 'first');
    await closes(turn.id);
    expect((await rig().executions.find(turn.id))?.runId).toBe(runId);
    expect(executed).toHaveLength(asked);
    expect(await store.events.list(turn.id)).toEqual(before.events);
    expect(await store.turns.get(turn.id)).toEqual(before.turn);
    expect((await rig().executions.find(next.id))?.status).toBe('COMPLETED');
  });

  it('executes nothing, though somebody allows the call that the reset run waits for', async () => {
    const { decide, store } = rig();
    const { turnId, callId, task } = await endedAfterWaiting();
    await reset(turnId, task);
    await decide(turnId, callId, { action: 'allow' });
    await closes(turnId);
    expect(times(callId)).toBe(0);
    expect((await store.turns.get(turnId))?.state).toBe('completed');
    expect(await store.approvals.ofTurn(turnId)).toMatchObject([{ callId, status: 'denied' }]);
  });

  it('has its reset run terminated where that only waits', async () => {
    const { reconciler, executions, store } = rig();
    const { turnId, task } = await endedAfterWaiting();
    await reset(turnId, task);
    await poll(
      async () => {
        await reconciler.run();
        return (await executions.find(turnId))?.open === false;
      },
      { what: 'the run that waits is ended', everyMs: 50 },
    );
    expect((await executions.find(turnId))?.status).toBe('TERMINATED');
    expect((await store.turns.get(turnId))?.state).toBe('completed');
  });
});

/** A turn whose one call waited for a while and was denied. */
async function endedAfterWaiting(): Promise<{
  turnId: string;
  callId: string;
  /** The workflow task after which it only waited. */
  task: number;
}> {
  const { agent, start, pending, decide, end, leaveOpen } = rig();
  const { id: turnId } = await start(await agent([asks(['effect']), says('end')], { tools: ['effect'] }));
  const callId = await pending(turnId, 'effect');
  const tasks = await tasksOnceParked(turnId);
  await decide(turnId, callId, { action: 'deny' });
  await end(turnId);
  await closes(turnId);
  leaveOpen(turnId, 'its reset run is not its story');
  return { turnId, callId, task: tasks - 1 };
}

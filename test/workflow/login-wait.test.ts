import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { TurnSnapshot } from '../../src/contract/index.ts';
import { loginOf } from '../../src/core/auth/login-wait.ts';
import { ToolWaits } from '../../src/tools/tool.ts';
import { newConnection, setStatus } from '../support/connections.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { HopelessError, poll } from '../support/poll.ts';
import { callIdAt, origin, type RigAgent } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { timersStarted, timesScheduled } from '../support/turn-history.ts';
import { useWorkflowRig, type WorkflowRig } from '../support/workflow-rig.ts';

const quick = fakeTool({ name: 'quick' });
const once = fakeTool({
  name: 'once',
  run: () => Promise.reject(new ToolWaits({ untilAt: '2999-01-01T00:00:00.000Z', lookAfterMs: 1 })),
});
const rig = useWorkflowRig({ tools: [quick, once] });
const impatient = useWorkflowRig({ tools: [quick], profileLookMs: 100 });
const tools = ['browser_profile', 'quick'];

/** A turn whose first call waits for a login. */
async function waiting(of: WorkflowRig = rig(), sketch: RigAgent = {}) {
  const connection = await newConnection(of.store);
  const call = { action: 'wait', connection };
  const name = await of.agent([asks(['browser_profile', call]), says('went on')], { tools, ...sketch });
  const { id: turnId } = await of.start(name);
  await untilWaiting(of, turnId, connection, sketch.limits?.deadline ? 1 : 0);
  return { name, turnId, connection, callId: callIdAt(turnId, 1) };
}

const waiters = (of: WorkflowRig, connection: string) => of.store.waiters.of(loginOf(connection));

/** Waits until the call stands among those to be woken and sleeps; one that never looks unwoken has nothing running then. */
async function untilWaiting(
  of: WorkflowRig,
  turnId: string,
  connection: string,
  otherTimers: number,
): Promise<void> {
  const waits = async () => {
    const failed = (await of.live(turnId)).find(({ type }) => type === 'tool_call.failed');
    if (failed) throw new HopelessError(JSON.stringify(failed));
    return (await waiters(of, connection)).length > 0 && (await timers(of, turnId)) > otherTimers;
  };
  await poll(waits, { what: 'the call waits', everyMs: 10 });
}

const timers = (of: WorkflowRig, turnId: string) => timersStarted(of.client, turnId);
const looks = (of: WorkflowRig, turnId: string) => timesScheduled(of.client, turnId, 'runTool');

/** What a login does: the status first, then everybody who waits is woken. */
async function logIn(of: WorkflowRig, connection: string): Promise<void> {
  await setStatus(of.store, connection, 'AUTHENTICATED');
  for (const { turnId, callId } of await waiters(of, connection)) {
    await of.signal(turnId, 'wakeCall', { callId });
  }
}

describe('a call that waits for a login', () => {
  it('pauses the turn with nothing running, and goes on when it is woken', async () => {
    const { client, end, store, model } = rig();
    const { name, turnId, connection, callId } = await waiting();
    const shown = await client.workflow.getHandle(`turn:${turnId}`).query<TurnSnapshot>('snapshot');
    const { raw } = await client.workflow.getHandle(`turn:${turnId}`).describe();
    expect(raw.pendingActivities ?? []).toEqual([]);
    expect(shown).toMatchObject({ status: 'running', calls: [{ callId, status: 'running' }] });
    expect(await store.ledger.get(callId)).toMatchObject({ state: 'started' });
    await logIn(rig(), connection);
    const { of, turn, types } = await end(turnId);
    expect(turn.output).toBe('went on');
    expect(of('tool_call.completed')).toMatchObject([
      { callId, output: expect.stringMatching(/^AUTHENTICATED/) },
    ]);
    expect(types.filter((type) => type === 'tool_call.started')).toHaveLength(1);
    expect(await store.ledger.get(callId)).toMatchObject({ state: 'completed', executions: 2 });
    expect(await waiters(rig(), connection)).toEqual([]);
    expect(model.requests(name)).toHaveLength(2);
    expect(await looks(rig(), turnId)).toBe(2);
  });

  it('goes on by itself when nobody woke it', async () => {
    const { store, end } = impatient();
    const { turnId, connection } = await waiting(impatient());
    await setStatus(store, connection, 'AUTHENTICATED');
    expect((await end(turnId)).of('tool_call.completed')).toMatchObject([
      { output: expect.stringMatching(/^AUTHENTICATED/) },
    ]);
  });

  it('says that its time is over, and the model is told', async () => {
    const { end, toolClock, model } = impatient();
    const { name, turnId, connection } = await waiting(impatient());
    toolClock.aheadMs = 600_000;
    const { turn } = await end(turnId);
    expect(turn.state).toBe('completed');
    expect(model.requests(name)[1]?.messages.at(-1)).toMatchObject({
      content: expect.stringMatching(/^The time is over/),
      isError: false,
    });
    expect(await waiters(impatient(), connection)).toEqual([]);
  });

  it('looks again when it is woken for nothing, and goes on waiting', async () => {
    const { signal, end } = rig();
    const { turnId, connection, callId } = await waiting();
    await signal(turnId, 'wakeCall', { callId });
    await poll(async () => (await timers(rig(), turnId)) === 2, { what: 'it waits again', everyMs: 10 });
    for (const odd of [undefined, null, 'x', { callId: 7 }, { callId: 'call_of_nobody' }]) {
      await signal(turnId, 'wakeCall', odd);
    }
    await logIn(rig(), connection);
    await end(turnId);
    expect(await looks(rig(), turnId)).toBe(3);
  });

  it('that is woken while it looks, looks once more', async () => {
    const { intercept, agent, start, end, store, signal } = rig();
    const connection = await newConnection(store);
    const name = await agent([asks(['browser_profile', { action: 'wait', connection }]), says('end')], {
      tools,
    });
    let executions = 0;
    intercept.runTool = async (run, { turnId, callId }: { turnId: string; callId: string }) => {
      const answer = await run();
      executions += 1;
      // It has looked and found nothing; the login, and the wake, come before the workflow knows.
      if (executions === 1) {
        await setStatus(store, connection, 'AUTHENTICATED');
        await signal(turnId, 'wakeCall', { callId });
      }
      return answer;
    };
    const { id } = await start(name);
    expect((await end(id)).of('tool_call.completed')).toHaveLength(1);
    expect(await looks(rig(), id)).toBe(2);
  });

  it('leaves the other calls of its step alone', async () => {
    const { agent, start, end, store, untilEvent } = rig();
    const connection = await newConnection(store);
    const wait: [string, { action: string; connection: string }] = [
      'browser_profile',
      { action: 'wait', connection },
    ];
    const { id } = await start(await agent([asks(wait, ['quick'], wait), says('end')], { tools }));
    await untilEvent(id, 'tool_call.completed', ({ callId }) => callId === callIdAt(id, 1, 1));
    await poll(async () => (await waiters(rig(), connection)).length === 2, { what: 'both wait' });
    await logIn(rig(), connection);
    expect((await end(id)).of('tool_call.completed')).toHaveLength(3);
  });
});

describe('the wait of a turn', () => {
  it.each([
    ['is cancelled', 'turn.cancelled', 'cancelled'],
    ['is stopped', 'turn.cancelled', 'stopped'],
    ['runs out of time', 'turn.failed', 'turn_failed'],
  ])('that %s ends with it', async (how, type, code) => {
    const { gateway, end, store } = rig();
    const sketch = how === 'runs out of time' ? { limits: { deadline: '3s' } } : {};
    const { turnId, connection, callId } = await waiting(rig(), sketch);
    if (how === 'is cancelled') await gateway.cancel(turnId, undefined, origin());
    if (how === 'is stopped') await gateway.stop(turnId, origin());
    const { types, of } = await end(turnId);
    expect(types.at(-1)).toBe(type);
    expect(of('tool_call.failed')).toMatchObject([{ callId, error: { code } }]);
    expect(await store.ledger.get(callId)).toMatchObject({ state: 'failed', error: { code: 'wait_ended' } });
    expect(await waiters(rig(), connection)).toEqual([]);
  });
});

describe('a worker that is lost while a call waits', () => {
  it('is not missed: the next one goes on', async () => {
    const { stopWorker, startWorker, end } = rig();
    const { turnId, connection } = await waiting();
    await stopWorker();
    await logIn(rig(), connection);
    await startWorker();
    expect((await end(turnId)).of('tool_call.completed')).toHaveLength(1);
    expect(await looks(rig(), turnId)).toBe(2);
  });

  it('loses a look, and not the wait', async () => {
    const { intercept, end } = impatient();
    const { turnId, connection } = await waiting(impatient());
    let lost = 0;
    intercept.runTool = () => {
      lost += 1;
      return Promise.reject(ApplicationFailure.create({ message: 'lost', nonRetryable: true }));
    };
    await poll(() => lost >= 2, { what: 'looks were lost' });
    delete intercept.runTool;
    await setStatus(impatient().store, connection, 'AUTHENTICATED');
    expect((await end(turnId)).of('tool_call.completed')).toMatchObject([
      { output: expect.stringMatching(/^AUTHENTICATED/) },
    ]);
  });
});

describe('a tool that may not be repeated', () => {
  it('cannot wait: that it tried to is told as its error', async () => {
    const { agent, start, end } = rig();
    const { id } = await start(await agent([asks(['once']), says('end')], { tools: ['once'] }));
    expect((await end(id)).of('tool_call.failed')).toMatchObject([{ error: { code: 'tool_error' } }]);
    expect(once.count(id)).toBe(1);
  });
});

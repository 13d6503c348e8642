import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../src/api/health/metrics.ts';
import { createCallMessages } from '../../src/api/turn/operations/call-messages.ts';
import type { TurnEvent } from '../../src/contract/index.ts';
import { LOG_START } from '../../src/core/turn/turn-log.ts';
import { createHistoryEraser } from '../../src/temporal/history-eraser.ts';
import { UNNAMED } from '../../src/temporal/names.ts';
import { turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { ANNA, callIdAt, origin } from '../support/rig-turns.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { startShortHistoryEngine } from '../support/short-history-engine.ts';
import { createWorkflowRig, type WorkflowRig } from '../support/workflow-rig.ts';

const STEPS = 30;
const echo = fakeTool({ name: 'echo', run: async ({ n }) => `echo ${n}` });
const ring = fakeTool({ name: 'ring', gate: 'ask' });

const running = new AsyncDisposableStack();
let rig: WorkflowRig;
let manyRuns: string;
beforeAll(async () => {
  const engine = running.use(await startShortHistoryEngine(60));
  rig = running.use(await createWorkflowRig({ engine: engine.address, tools: [echo, ring] }));
});
afterAll(() => running.disposeAsync());

/** Follows a turn as the API does: what follows a position from the workflow, what came before it from the archive. */
function reader(turnId: string) {
  const seen: TurnEvent[] = [];
  let position = LOG_START;
  const read = async () => {
    const page = await rig.observer.eventsSince(turnId, position);
    if (page.reset) throw new Error('reset');
    const archived = page.base > position.seq ? await rig.store.events.list(turnId, position.seq) : [];
    seen.push(...archived.filter(({ seq }) => seq <= page.base), ...page.events);
    ({ position } = page);
  };
  return { seen, read };
}

describe('a turn with a long history', () => {
  it('goes on in new workflow runs, and its readers notice nothing', async () => {
    const gates = Array.from({ length: STEPS }, () => createGate());
    const script = gates.map((gate, n) => onceOpen(gate, asks(['echo', { n }])));
    const name = await rig.agent([...script, says('at last')], { tools: ['echo'] });
    const turn = await rig.start(name);
    const follower = reader(turn.id);
    for (const gate of gates) {
      await gate.reached;
      await follower.read();
      gate.open();
    }
    const { events, of, turn: record } = await rig.end(turn.id);
    await follower.read();

    expect(follower.seen).toEqual(events);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(of('step.started').map(({ step }) => step)).toEqual(
      Array.from({ length: STEPS + 1 }, (_, index) => index + 1),
    );
    expect(of('turn.started')).toHaveLength(1);
    expect(record.usage).toEqual({ inputTokens: 10 * (STEPS + 1), outputTokens: 5 * (STEPS + 1) });
    expect(echo.executions.filter(({ turnId }) => turnId === turn.id).map(({ input }) => input['n'])).toEqual(
      gates.map((_, n) => n),
    );
    await rig.client.workflow.getHandle(`turn:${turn.id}`).result();
    expect((await turnRuns(rig.client, turn.id)).length).toBeGreaterThan(2);
    manyRuns = turn.id;
    await rig.verify();
  });

  it('carries grants, steering, decisions taken and its deadline along', async () => {
    const gate = createGate();
    const quick = Array.from({ length: 12 }, (_, n) => asks(['echo', { n }]));
    const name = await rig.agent(
      [asks(['ring']), ...quick, asks(['ring']), onceOpen(gate, asks(['ring'])), says('end')],
      { tools: ['echo', 'ring'], limits: { deadline: '1h' } },
    );
    const turn = await rig.start(name);
    const decision = { action: 'always' as const };
    const record = await rig.decide(turn.id, await rig.pending(turn.id, 'ring'), decision, {
      messageId: 'msg_a',
    });
    await gate.reached;
    expect(await turnRuns(rig.client, turn.id).then((runs) => runs.length)).toBeGreaterThan(1);
    // Decided in a run before this one: the workflow knows the call no more, the store does.
    const decided = callIdAt(turn.id, 1);
    await expect(rig.decide(turn.id, decided, decision)).rejects.toMatchObject({ code: 'call_not_found' });
    const messages = createCallMessages(
      { ...rig, newId: () => 'msg_late', metrics: createMetrics(), now: () => new Date() } as never,
      async () => {},
    );
    expect(await messages.decide(turn.id, decided, decision, ANNA)).toMatchObject({
      status: 200,
      body: record,
    });
    await expect(messages.decide(turn.id, decided, { action: 'deny' }, ANNA)).rejects.toMatchObject({
      code: 'already_decided',
    });
    await rig.gateway.steer(turn.id, 'hurry', origin());
    gate.open();
    const { of } = await rig.end(turn.id);
    expect(of('approval.requested')).toHaveLength(1);
    expect(of('turn.steered')).toHaveLength(1);
    expect(of('approval.resolved').filter(({ action }) => action === 'granted')).toHaveLength(2);
    await rig.verify();
  });

  it('leaves behind the long inputs of calls that have their results', async () => {
    const steps = 12;
    const script = Array.from({ length: steps }, (_, n) => asks(['ring', { n, text: 'x'.repeat(100_000) }]));
    const turn = await rig.start(await rig.agent([...script, says('end')], { tools: ['ring'] }));
    await rig.decide(turn.id, await rig.pending(turn.id, 'ring'), { action: 'always' });
    const { of, turn: record } = await rig.end(turn.id);
    expect(record.state).toBe('completed');
    expect(of('tool_call.completed')).toHaveLength(steps);
    for (const { input } of of('tool_call.requested')) expect(input['text']).toHaveLength(100_000);
    await rig.client.workflow.getHandle(`turn:${turn.id}`).result();
    expect((await turnRuns(rig.client, turn.id)).length).toBeGreaterThan(1);
    await rig.verify();
  });

  it('answers a reader who knows an earlier run, and one who knows what never was', async () => {
    const gate = createGate();
    const quick = Array.from({ length: 15 }, (_, n) => asks(['echo', { n }]));
    const name = await rig.agent([...quick, onceOpen(gate, says('end'))], { tools: ['echo'] });
    const turn = await rig.start(name);
    await gate.reached;
    const page = await poll(
      async () => {
        const found = await rig.observer.eventsSince(turn.id, LOG_START);
        return found.base > 0 && found.events.length > 0 && found;
      },
      { what: 'a later run has events' },
    );
    expect(page.reset).toBe(false);
    const archived = await rig.store.events.list(turn.id);
    expect(archived.length).toBeGreaterThanOrEqual(page.base);
    expect(page.events[0]?.seq).toBe(page.base + 1);
    const wrong = await rig.observer.eventsSince(turn.id, { ...page.position, chain: 'never was' });
    expect(wrong).toMatchObject({ reset: true, base: page.base, events: page.events });
    gate.open();
    await rig.end(turn.id);
    await rig.verify();
  });

  // The last test of this file: nothing of this turn can be replayed any more.
  it('is deleted in the engine with every workflow run', async () => {
    const eraser = createHistoryEraser(rig.client, UNNAMED.turnWorkflowId);
    await poll(() => eraser.erase(manyRuns), { what: 'the engine has nothing of the turn' });
    expect(await turnRuns(rig.client, manyRuns).catch(() => [])).toEqual([]);
    const { executions } = await rig.client.workflowService.listWorkflowExecutions({
      namespace: rig.client.options.namespace,
      query: `WorkflowId = '${UNNAMED.turnWorkflowId(manyRuns)}'`,
    });
    expect(executions).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { examine, isHealthy, reportOf } from '../../src/upkeep/doctor.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask' });
const rig = useWorkflowRig({ tools: [ring] });

const digests = { definition: `sha256:${'0'.repeat(64)}`, catalogue: `sha256:${'0'.repeat(64)}` };

/** The doctor's words on the turns of this test; the run's engine has workflows of other tests too. */
async function examined(turnIds: string[], fix: boolean) {
  const { store, executions, lostTurns, gateway, feed } = rig();
  const own = (turnId: string) => turnIds.includes(turnId);
  const open = async (limit: number, page?: Uint8Array) => {
    const found = await executions.open(limit, page);
    return { ...found, items: found.items.filter(({ turnId }) => own(turnId)) };
  };
  const deps = { store, executions: { ...executions, open }, lostTurns, feed, now: () => new Date() };
  return await examine({ ...deps, startTurn: gateway.start }, { fix });
}

describe('the doctor', () => {
  it('names what store and engine disagree about, mends what is safe, and then finds nothing', async () => {
    const { agent, start, pending, store, client, end, beforeStart, leaveOpen, executions } = rig();
    const name = await agent([asks(['ring']), asks(['ring']), says('started')], { tools: ['ring'] });
    const healthy = await start(name);
    const terminated = await start(name);
    const ids = [healthy.id, terminated.id];
    for (const id of ids) await pending(id, 'ring');
    for (const id of ids)
      await poll(async () => (await store.approvals.ofTurn(id)).length === 1, { what: 'it is recorded' });
    await client.workflow.getHandle(`turn:${terminated.id}`).terminate('by hand');
    beforeStart.run = () => {
      throw new Error('the engine is away');
    };
    const unstarted = await start(name);
    beforeStart.run = () => {};
    const at = new Date().toISOString();
    const lost = {
      ...unstarted,
      id: `turn_${crypto.randomUUID()}`,
      sessionId: 'session_lost',
      createdAt: at,
    };
    await store.turns.admit(lost);
    await store.turns.begin(lost.id, digests, at);
    const all = [...ids, unstarted.id, lost.id];

    const kinds = (examination: Awaited<ReturnType<typeof examined>>) =>
      Object.fromEntries(examination.disagreements.map(({ turnId, kind }) => [turnId, kind]));
    const before = await examined(all, false);
    expect(kinds(before)).toEqual({
      [terminated.id]: 'lost',
      [unstarted.id]: 'unstarted',
      [lost.id]: 'lost',
    });
    expect(isHealthy(before)).toBe(false);
    expect((await store.turns.get(lost.id))?.endedAt).toBeUndefined();
    expect(reportOf(before)).toContain(
      `${lost.id}: lost: its row is open and the engine does not know its workflow.`,
    );

    const fixed = await examined(all, true);
    expect(kinds(fixed)).toEqual(kinds(before));
    expect(isHealthy(fixed)).toBe(true);
    expect(reportOf(fixed)).toContain('3 disagreements, 3 mended.');
    expect((await end(terminated.id)).turn.error?.code).toBe('terminated');
    expect((await end(lost.id)).turn.error?.code).toBe('history_lost');
    expect((await end(unstarted.id)).turn.output).toBe('started');
    const after = await examined(all, false);
    expect([after.disagreements, isHealthy(after)]).toEqual([[], true]);
    expect(reportOf(after)).toContain('Store and engine agree.');

    // A workflow that goes on though its row has ended.
    const usage = { inputTokens: 0, outputTokens: 0 };
    const seq = (await store.events.list(healthy.id)).length + 1;
    const error = { code: 'by_hand', message: 'Ended by hand.' };
    const event = { seq, type: 'turn.failed' as const, at, turnId: healthy.id, error, usage };
    leaveOpen(healthy.id, 'its row is ended by hand');
    await store.turns.end({
      turnId: healthy.id,
      status: 'failed',
      error,
      usage,
      endedAt: at,
      events: [event],
    });
    const over = await examined(all, true);
    expect(kinds(over)).toEqual({ [healthy.id]: 'open_after_end' });
    expect((await executions.find(healthy.id))?.status).toBe('TERMINATED');
  });

  it('names a workflow whose turn the store does not have, and leaves it alone', async () => {
    const { client, executions } = rig();
    const id = `turn_${crypto.randomUUID()}`;
    const handle = await client.workflow.start('agentTurn', {
      workflowId: `turn:${id}`,
      taskQueue: 'nobody-polls',
      args: [{ turnId: id, sessionId: 's', ordinal: 1, agent: 'a' }],
    });
    const found = await poll(
      async () => {
        const { disagreements } = await examined([id], true);
        return disagreements[0];
      },
      { what: 'visibility knows the workflow' },
    );
    expect(found).toMatchObject({ turnId: id, kind: 'unknown' });
    expect(found.mended).toBeUndefined();
    expect((await executions.find(id))?.open).toBe(true);
    await handle.terminate('left behind by a test');
  });
});

import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { TurnRecord } from '../../src/store/store.ts';
import { toTurn } from '../../src/store/turn/to-turn.ts';
import { UNNAMED } from '../../src/temporal/names.ts';
import { pause, poll } from '../support/poll.ts';
import { origin } from '../support/rig-turns.ts';
import { fails, type ScriptedAnswer, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const rig = useWorkflowRig();

const away = (retryAfterMs: number) => fails('model_unavailable', 'Away.', { retryable: true, retryAfterMs });
const times = (count: number, answer: ScriptedAnswer) => Array.from({ length: count }, () => answer);

const lostWorker = () => ApplicationFailure.create({ message: 'lost', nextRetryDelay: 1 });

async function viewOf(turnId: string) {
  const record = await rig().store.turns.get(turnId);
  if (!record) throw new Error(`no turn ${turnId}`);
  return toTurn(record);
}

/** Waits until the turn's view says that it waits for its model. */
async function waitsForModel(turnId: string): Promise<void> {
  await poll(async () => (await viewOf(turnId)).waitingFor === 'model', {
    what: 'the turn waits for its model',
  });
}

describe('an outage of the model', () => {
  it('is sat out, however often the model is asked in vain, and however often a worker is lost', async () => {
    const { agent, start, end, model, intercept } = rig();
    const failing = await agent([...times(8, away(1)), says('back')]);
    const lonely = await agent([says('asked once')]);
    let losses = 0;
    let turn: TurnRecord | undefined;
    intercept.callModel = async (run, { turnId }: { turnId: string }) => {
      if (!turn || turnId === turn.id || losses === 8) return await run();
      losses += 1;
      throw lostWorker();
    };
    turn = await start(failing);
    const lost = await start(lonely);
    expect((await end(turn.id)).turn.output).toBe('back');
    expect(model.requests(failing)).toHaveLength(9);
    expect((await viewOf(turn.id)).waitingFor).toBeUndefined();
    expect((await end(lost.id)).turn.output).toBe('asked once');
    expect(model.requests(lonely)).toHaveLength(1);
  });

  it('ends the turn with the last reason, when it lasts for longer than the patience', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent(times(50, away(1)), { limits: { modelPatience: '500ms' } });
    const turn = await start(name);
    const { turn: record, types } = await end(turn.id);
    const asked = model.requests(name).length;
    expect(record.error?.code).toBe('model_unavailable');
    expect(record.error?.message).toMatch(
      /^Away\. The model was asked \d+ times, for \d s after its first failure\.$/,
    );
    expect(record.error?.message).toContain(`asked ${asked} times`);
    expect(asked).toBeGreaterThan(2);
    expect(types).toEqual(['turn.started', 'step.started', 'turn.failed']);
  });

  it('is borne no longer than the turn allows, where that is less than its agent does', async () => {
    const { agent, start, end } = rig();
    const name = await agent(times(50, away(600)), { limits: { modelPatience: '1h' } });
    const turn = await start(name, { limits: { modelPatience: '500ms' } });
    expect((await end(turn.id)).turn.error?.code).toBe('model_unavailable');
  });

  it('is told to readers and in the view, and the turn can be cancelled meanwhile', async () => {
    const { agent, start, end, store, gateway } = rig();
    const name = await agent([
      fails('model_rate_limited', 'Slow down.', { retryable: true, retryAfterMs: 60_000 }),
    ]);
    const turn = await start(name);
    await waitsForModel(turn.id);
    const [told] = await poll(
      async () => {
        const deltas = await store.deltas.list(turn.id, 1, 0);
        return deltas.length > 0 && deltas;
      },
      { what: 'readers are told' },
    );
    expect(told?.delta).toMatchObject({
      type: 'model.delayed',
      step: 1,
      attempt: 1,
      reason: 'model_rate_limited',
      message: 'Slow down.',
      model: `scripted/${name}`,
    });
    if (told?.delta.type !== 'model.delayed') throw new Error('another delta');
    const waitMs = Date.parse(told.delta.nextAttemptAt) - Date.parse(told.delta.at);
    expect(waitMs).toBeGreaterThan(59_000);
    await gateway.cancel(turn.id, 'enough', origin());
    expect((await end(turn.id)).turn.state).toBe('cancelled');
    expect((await viewOf(turn.id)).waitingFor).toBeUndefined();
  });

  it('does not outlast the deadline', async () => {
    const { agent, start, end } = rig();
    const name = await agent([away(60_000)], { limits: { deadline: '1s', modelPatience: '1h' } });
    const turn = await start(name);
    expect((await end(turn.id)).turn.error?.code).toBe('deadline_exceeded');
  });
});

describe('workers that are lost while they ask the model', () => {
  it('do not use up the patience, however long nobody is there', async () => {
    const { agent, start, end, intercept } = rig();
    let attempts = 0;
    intercept.callModel = async (run) => {
      attempts += 1;
      if (attempts === 2) {
        // The clock is what is tested: the patience would be over by now.
        await pause(1_200);
        throw lostWorker();
      }
      return await run();
    };
    const name = await agent([...times(2, away(1)), says('back')], { limits: { modelPatience: '1s' } });
    const turn = await start(name);
    expect((await end(turn.id)).turn.output).toBe('back');
  });
});

describe('a model call', () => {
  it('may take a day while it gets on: a silent model is noticed by progress, a silent worker by its heartbeats', async () => {
    const { agent, start, end, client } = rig();
    const turn = await start(await agent([says('after long thought')]));
    await end(turn.id);
    const { events } = await client.workflow.getHandle(UNNAMED.turnWorkflowId(turn.id)).fetchHistory();
    const scheduled = events?.find(
      ({ activityTaskScheduledEventAttributes: of }) => of?.activityType?.name === 'callModel',
    )?.activityTaskScheduledEventAttributes;
    expect(Number(scheduled?.startToCloseTimeout?.seconds)).toBe(86_400);
    expect(Number(scheduled?.heartbeatTimeout?.seconds)).toBe(5);
  });
});

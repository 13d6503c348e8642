import { performance } from 'node:perf_hooks';
import { createMetrics } from '../../src/api/health/metrics.ts';
import { createCallMessages } from '../../src/api/turn/operations/call-messages.ts';
import { turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import { activationBytes, startedWithBytes } from './activation-bytes.ts';
import { openStreams } from './open-streams.ts';
import { poll } from './poll.ts';
import { ANNA, callIdAt } from './rig-turns.ts';
import { asks, type ScriptedAnswer, says } from './scripted-model.ts';
import { createFakeClient, type FakeClient } from './scripted-turn.ts';
import type { WorkflowRig } from './workflow-rig.ts';

/** What became of a turn with many calls, each of them denied by the policy. */
export interface ManyCalls {
  turnId: string;
  /** How often each watcher saw a call fail, and how each stream ended. */
  watchers: { failed: number; outcome: ReturnType<FakeClient['outcome']> }[];
  runs: number;
  /** The most that a run was started with, and the most that was sent at once, in bytes. */
  mostCarried: number;
  mostSent: number;
  /** From one question to the model to the next, in milliseconds. */
  stepsMs: number[];
}

const PER_STEP = 128;

/** Runs a turn with so many steps of 128 calls, under ten watchers. */
export async function runManyCalls(rig: WorkflowRig, steps: number): Promise<ManyCalls> {
  const askedAt: number[] = [];
  const calls = (step: number) =>
    Array.from(
      { length: PER_STEP },
      (_, n) => ['echo', { n, step }] as [string, { n: number; step: number }],
    );
  const script = Array.from(
    { length: steps },
    (_, step) => async (request: Parameters<ScriptedAnswer>[0]) => {
      askedAt.push(performance.now());
      return await asks(...calls(step))(request);
    },
  );
  const name = await rig.agent([...script, says('end')], {
    tools: ['echo'],
    policy: { default: 'deny' },
    limits: { maxSteps: steps + 1 },
  });
  const { store, observer, feed, client } = rig;
  await using open = openStreams({ store, observer, feed });
  const turn = await rig.start(name);
  const clients = Array.from({ length: 10 }, createFakeClient);
  const streaming = clients.map(({ sink }) => open.streams.turn(turn, `${turn.ordinal}.0`, sink));
  await poll(async () => (await store.turns.get(turn.id))?.endedAt !== undefined, {
    what: 'the turn has ended',
    everyMs: 100,
    timeoutMs: 800_000,
  });
  await Promise.all(streaming);
  await client.workflow.getHandle(`turn:${turn.id}`).result();
  const runs = await turnRuns(client, turn.id);
  return {
    turnId: turn.id,
    watchers: clients.map((watcher) => ({
      failed: watcher.events().filter((event) => event === 'tool_call.failed').length,
      outcome: watcher.outcome(),
    })),
    runs: runs.length,
    mostCarried: Math.max(...runs.slice(1).map(({ history }) => startedWithBytes(history))),
    mostSent: Math.max(...runs.flatMap(({ history }) => activationBytes(history))),
    stepsMs: askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0)),
  };
}

/** What the API answers to a decision on the first call of all, long after its workflow run. */
export function decideLate(rig: WorkflowRig, turnId: string): Promise<unknown> {
  const deps = { ...rig, newId: () => 'msg_late', metrics: createMetrics(), now: () => new Date() };
  const messages = createCallMessages(deps as never, async () => {});
  return messages.decide(turnId, callIdAt(turnId, 1), { action: 'allow' }, ANNA);
}

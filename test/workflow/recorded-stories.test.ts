import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TurnRecord } from '../../src/store/store.ts';
import { historyText, type RunHistory, turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import type { ToolRegistry } from '../../src/tools/tool.ts';
import type { RunToolInput } from '../../src/workflows/turn/turn-activities.ts';
import { newConnection, setStatus } from '../support/connections.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { releasedBundle } from '../support/last-release.ts';
import { bundleChanged } from '../support/other-code.ts';
import { poll } from '../support/poll.ts';
import { retryTurn } from '../support/retry-turn.ts';
import { replayFaults } from '../support/rig-replay.ts';
import { callIdAt, origin, type RigAgent } from '../support/rig-turns.ts';
import { asks, createGate, fails, onceOpen, type ScriptedAnswer, says } from '../support/scripted-model.ts';
import { startShortHistoryEngine } from '../support/short-history-engine.ts';
import { timersStarted } from '../support/turn-history.ts';
import { createWorkflowRig, type WorkflowRig } from '../support/workflow-rig.ts';

// The stories behind test/replay/histories. Before a release they are recorded again, into a folder of its version:
// RECORD_HISTORIES=test/replay/histories/<version> and the command in CONTRIBUTING.md ("Releasing").
const folder = process.env['RECORD_HISTORIES'];

/**
 * Stories that the last released code cannot go on with, by name, with the reason: each begins something that the release
 * did not know and that `patched()` tells apart. After a deploy such turns wait, should it be rolled back. Any other story
 * must replay on it: a rolling deploy has both versions at work. Emptied with each release.
 */
const NEW_TO_THE_RELEASE: Readonly<Record<string, string>> = {
  retried: 'begins with the activity resumeStep; before the release no turn was a retry of another',
  compacted:
    'has the activity compactContext; before the release such a turn failed with model_context_overflow',
  elsewhere:
    'waits for a worker that has its tool and has the call executed there; before the release its model was told of unknown_tool',
};

const free = fakeTool({ name: 'free' });
const gated = fakeTool({ name: 'gated', gate: 'ask' });
const broken = fakeTool({ name: 'broken', run: () => Promise.reject(new Error('it broke')) });
const long = fakeTool({ name: 'long', run: async () => 'r'.repeat(4_000) });
const withoutTools: ToolRegistry = { get: () => undefined, describe: () => undefined, names: () => [] };
const client = { name: 'client', description: 'Runs at the client.', inputSchema: { type: 'object' } };

const running = new AsyncDisposableStack();
let rig: WorkflowRig;
let released: string;
beforeAll(async () => {
  const engine = running.use(await startShortHistoryEngine(60));
  released = readFileSync(await releasedBundle(), 'utf8');
  rig = running.use(await createWorkflowRig({ engine: engine.address, tools: [free, gated, broken, long] }));
});
afterAll(() => running.disposeAsync());

/** Plays a story to its end and, where that is asked for, writes its history down. */
async function play(
  name: string,
  script: ScriptedAnswer[],
  story: (turnId: string) => Promise<void> = async () => {},
  sketch: RigAgent = {},
  begin: (agent: string) => Promise<TurnRecord> = (name) => rig.start(name),
) {
  const agent = await rig.agent(script, {
    tools: ['free', 'gated', 'broken'],
    clientTools: [client],
    ...sketch,
  });
  const { id } = await begin(agent);
  await story(id);
  const ended = await rig.end(id);
  await rig.client.workflow.getHandle(`turn:${id}`).result();
  const runs = await turnRuns(rig.client, id);
  if (folder) {
    mkdirSync(resolve(folder), { recursive: true });
    for (const [index, { history }] of runs.entries()) {
      const run = runs.length === 1 ? '' : `-run-${index + 1}`;
      const text = await historyText(history, rig.dataConverter.payloadCodecs?.[0]);
      writeFileSync(join(resolve(folder), `${name}${run}.json`), text);
    }
  }
  await rig.verify();
  expect(await replaysOnRelease(runs)).toBe(!(name in NEW_TO_THE_RELEASE));
  return { ...ended, runs };
}

/** Whether the last released code can take these runs on. */
async function replaysOnRelease(runs: RunHistory[]): Promise<boolean> {
  return (await replayFaults(released, runs, rig.dataConverter)).length === 0;
}

const asked = (turnId: string, callId: string) =>
  rig.untilEvent(turnId, 'approval.requested', (event) => event.callId === callId);

describe('a recorded story', () => {
  it('plain: two steps and an answer', async () => {
    const { turn } = await play('plain', [asks(['free', { a: 1 }]), says('done')]);
    expect(turn.state).toBe('completed');
  });

  it('approval: always, then granted; then edited; then answered by a person', async () => {
    const script = [
      asks(['gated', { n: 1 }]),
      asks(['gated', { n: 1 }]),
      asks(['gated', { n: 2 }]),
      asks(['gated', { n: 3 }]),
      says('done'),
    ];
    const { of } = await play('approval', script, async (id) => {
      await asked(id, callIdAt(id, 1));
      const grant = { scope: 'session' as const, matcher: { kind: 'exact' as const }, maxUses: 5 };
      await rig.decide(id, callIdAt(id, 1), { action: 'always', grant });
      await asked(id, callIdAt(id, 3));
      await rig.decide(id, callIdAt(id, 3), { action: 'allow', input: { n: 20 } });
      await asked(id, callIdAt(id, 4));
      await rig.signal(id, 'toolDecision', {
        callId: callIdAt(id, 4),
        action: 'respond',
        content: 'by hand',
      });
    });
    expect(of('approval.resolved').map(({ action }) => action)).toEqual([
      'always',
      'granted',
      'allow',
      'respond',
    ]);
  });

  it('client tool: decided, then handed in, long', async () => {
    const { of } = await play('client-tool', [asks(['client']), says('done')], async (id) => {
      const callId = callIdAt(id, 1);
      await asked(id, callId);
      await rig.decide(id, callId, { action: 'allow' });
      await rig.result(id, callId, { content: 'x'.repeat(6_500) });
    });
    expect(of('tool_call.completed')[0]?.truncated).toBeDefined();
  });

  it('parallel: one denied, one expired, one broken, one done', async () => {
    const script = [asks(['gated', { n: 1 }], ['gated', { n: 2 }], ['broken'], ['free']), says('done')];
    const deny = async (id: string) => {
      await asked(id, callIdAt(id, 1, 1));
      await rig.decide(id, callIdAt(id, 1, 0), { action: 'deny', message: 'no' });
    };
    const { of } = await play('parallel', script, deny, { approval: { expiresAfter: '2s' } });
    expect(
      of('tool_call.failed')
        .map(({ error }) => error.code)
        .sort(),
    ).toEqual(['denied', 'expired', 'tool_error']);
  });

  it('steer and stop', async () => {
    const gates = [createGate(), createGate()] as const;
    const script = [onceOpen(gates[0], asks(['free'])), onceOpen(gates[1], asks(['free']))];
    const { types } = await play('steer-stop', script, async (id) => {
      await gates[0].reached;
      await rig.gateway.steer(id, 'be brief', origin());
      gates[0].open();
      await gates[1].reached;
      await rig.gateway.stop(id, origin());
      gates[1].open();
    });
    expect(types).toContain('turn.steered');
    expect(types.at(-1)).toBe('turn.cancelled');
  });

  it('cancelled while it waits', async () => {
    const { turn } = await play('cancelled', [asks(['gated'], ['client'])], async (id) => {
      await asked(id, callIdAt(id, 1, 1));
      await rig.gateway.cancel(id, 'enough', origin());
    });
    expect(turn.state).toBe('cancelled');
  });

  it('failed, after a retry', async () => {
    const script = [
      fails('model_unavailable', 'Away.', { retryable: true, retryAfterMs: 10 }),
      fails('model_refused', 'Refused.'),
    ];
    const { turn } = await play('failed', script);
    expect(turn.error?.code).toBe('model_refused');
  });

  it('login: waited for, woken for nothing, woken for a login; then waited for until the end', async () => {
    const [first, second] = [await newConnection(rig.store), await newConnection(rig.store)];
    const wait = (connection: string) => asks(['browser_profile', { action: 'wait', connection }]);
    const story = async (id: string) => {
      const waits = (times: number) =>
        poll(async () => (await timersStarted(rig.client, id)) === times, {
          what: `wait ${times} has begun`,
        });
      const wake = { callId: callIdAt(id, 1) };
      await waits(1);
      await rig.signal(id, 'wakeCall', wake);
      await waits(2);
      await setStatus(rig.store, first, 'AUTHENTICATED');
      await rig.signal(id, 'wakeCall', wake);
      await waits(3);
      await rig.gateway.stop(id, origin());
    };
    const sketch = { tools: ['browser_profile'], clientTools: [] };
    const { of } = await play('login', [wait(first), wait(second)], story, sketch);
    expect(of('tool_call.completed')).toHaveLength(1);
    expect(of('tool_call.failed')).toMatchObject([{ error: { code: 'stopped' } }]);
  });

  it('retried: the step in which the retried turn was cancelled is finished first', async () => {
    const begin = async (agent: string) => {
      const first = await rig.start(agent);
      await asked(first.id, callIdAt(first.id, 1));
      await rig.gateway.cancel(first.id, 'enough', origin());
      await rig.end(first.id);
      return await retryTurn(rig, first);
    };
    const story = async (id: string) => {
      await asked(id, callIdAt(id, 1));
      await rig.decide(id, callIdAt(id, 1), { action: 'allow' });
    };
    const { turn } = await play('retried', [asks(['gated']), says('done')], story, {}, begin);
    expect(turn.state).toBe('completed');
  });

  it('compacted: refused as too long, without its old results, and answered', async () => {
    const refused = fails('model_context_overflow', 'prompt is too long');
    const script = [asks(['free']), asks(['long']), asks(['free']), refused, says('done')];
    const { of } = await play('compacted', script, async () => {}, { tools: ['free', 'long'] });
    expect(of('context.compacted')).toHaveLength(1);
  });

  it('elsewhere: the first worker lacks the tool', async () => {
    const lacking = rig.activitiesWith({ tools: withoutTools, capabilityPatienceMs: 600_000 });
    rig.intercept.runTool = (run, input: RunToolInput) => (input.again ? run() : lacking.runTool(input));
    const { of } = await play('elsewhere', [asks(['free']), says('done')]);
    expect(of('tool_call.completed')).toHaveLength(1);
  });

  it('is refused by code that begins otherwise: the comparison can fail', async () => {
    const agent = await rig.agent([says('done')]);
    const { id } = await rig.start(agent);
    await rig.end(id);
    await rig.client.workflow.getHandle(`turn:${id}`).result();
    const runs = await turnRuns(rig.client, id);
    const otherwise = await bundleChanged('otherwise', [
      {
        file: 'src/workflows/turn/agent-turn.ts',
        from: "append(turn, { type: 'step.started', step });",
        to: 'await sleep(1);',
      },
    ]);
    const faults = await replayFaults(readFileSync(otherwise, 'utf8'), runs, rig.dataConverter);
    expect(faults).toHaveLength(1);
  });

  it('continued as new', async () => {
    const script = Array.from({ length: 10 }, (_, n) => asks(['free', { n }]));
    const { runs } = await play('continued', [...script, says('done')]);
    expect(runs.length).toBeGreaterThan(1);
  });
});

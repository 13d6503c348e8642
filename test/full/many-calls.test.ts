import { afterAll, expect, it } from '@jest/globals';
import { createCrashTable } from '../crash/crash-table.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { decideLate, runManyCalls } from '../support/many-calls.ts';
import { startShortHistoryEngine } from '../support/short-history-engine.ts';
import { createWorkflowRig } from '../support/workflow-rig.ts';

const table = createCrashTable('many-calls');
afterAll(() => table.publish());

it('20,096 calls in one turn: bounded carry, every watcher sees every one', async () => {
  await using engine = await startShortHistoryEngine(140);
  await using rig = await createWorkflowRig({ engine: engine.address, tools: [fakeTool({ name: 'echo' })] });
  const steps = 157;
  const startedMs = performance.now();
  const { turnId, watchers, runs, mostCarried, mostSent, stepsMs } = await runManyCalls(rig, steps);
  const mean = (from: number, to: number) => stepsMs.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
  process.stdout.write(
    `20,096 calls: ${runs} runs, carried ≤ ${mostCarried} B, sent ≤ ${mostSent} B, ` +
      `a step ${Math.round(mean(0, 30))} ms at first, ${Math.round(mean(steps - 31, steps - 1))} ms at last\n`,
  );
  expect(runs).toBeGreaterThanOrEqual(6);
  expect(mostCarried).toBeLessThan(8_000);
  expect(mostSent).toBeLessThan(1_200_000);
  for (const watcher of watchers) expect(watcher).toEqual({ failed: steps * 128, outcome: 'end' });
  await expect(decideLate(rig, turnId)).rejects.toMatchObject({ code: 'already_resolved' });
  table.add({
    component: 'nothing',
    phase: `${steps * 128} calls in one turn, 10 watchers`,
    turns: 1,
    outcome: `completed in ${runs} workflow runs, at most ${mostCarried} bytes carried`,
    recoveryMs: performance.now() - startedMs,
  });
}, 900_000);

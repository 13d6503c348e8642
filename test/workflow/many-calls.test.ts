import { expect, it } from '@jest/globals';
import { fakeTool } from '../support/fake-tools.ts';
import { decideLate, runManyCalls } from '../support/many-calls.ts';
import { startShortHistoryEngine } from '../support/short-history-engine.ts';
import { createWorkflowRig } from '../support/workflow-rig.ts';

it('carries no more from run to run, however many calls a turn has had', async () => {
  await using engine = await startShortHistoryEngine(40);
  await using rig = await createWorkflowRig({ engine: engine.address, tools: [fakeTool({ name: 'echo' })] });
  const steps = 14;
  const { turnId, watchers, runs, mostCarried, mostSent } = await runManyCalls(rig, steps);
  expect(runs).toBeGreaterThan(2);
  // The same after 200 calls and after 20,000.
  expect(mostCarried).toBeLessThan(8_000);
  expect(mostSent).toBeLessThan(1_200_000);
  for (const watcher of watchers) expect(watcher).toEqual({ failed: steps * 128, outcome: 'end' });
  await expect(decideLate(rig, turnId)).rejects.toMatchObject({ code: 'already_resolved' });
}, 180_000);

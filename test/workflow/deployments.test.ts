import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIdOf, deploymentOf } from '../../src/temporal/build-id.ts';
import { createDeployments, type Deployments } from '../../src/temporal/deployments.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { bundleChanged } from '../support/other-code.ts';
import { poll } from '../support/poll.ts';
import { asks, says } from '../support/scripted-model.ts';
import { createWorkflowRig, type WorkflowRig } from '../support/workflow-rig.ts';

const sign = fakeTool({ name: 'sign', gate: 'ask', run: async () => 'signed' });
let rig: WorkflowRig;
let deployments: Deployments;
let newer: string;
let older: string;
let addBuild: (bundleFile: string, buildId: string) => Promise<() => Promise<void>>;
let newBundle: string;
const OLD_BUNDLE = resolve('dist/workflow-bundle.js');

beforeAll(async () => {
  newBundle = await bundleChanged('newer', [
    {
      file: 'src/workflows/turn/tool-call.ts',
      from: 'This agent has no tools.',
      to: 'This agent has no tool.',
    },
  ]);
  newer = await buildIdOf(newBundle);
  older = await buildIdOf(OLD_BUNDLE);
  rig = await createWorkflowRig({ tools: [sign] });
  await rig.stopWorker();
  const deploymentName = deploymentOf(rig.taskQueue);
  deployments = createDeployments(rig.client, deploymentName);
  addBuild = (bundleFile, buildId) =>
    rig.addWorker({ bundleFile, workerOptions: { version: { deploymentName, buildId } } });
});

afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

async function isCurrent(buildId: string): Promise<void> {
  await poll(
    async () => {
      await deployments.promoteFirst(buildId);
      return (await deployments.builds()).some(
        (build) => build.buildId === buildId && build.status === 'current',
      );
    },
    { what: `build ${buildId} is current` },
  );
}

/** Waits until the engine counts so many open turns on a build. */
async function turnsOn(buildId: string, openTurns: number): Promise<void> {
  await poll(
    async () =>
      (await deployments.builds()).some(
        (build) => build.buildId === buildId && build.openTurns === openTurns,
      ),
    { what: `${openTurns} turns are on ${buildId}`, explain: () => `${older} ${newer}` },
  );
}

async function parked(deploy?: 'pinned'): Promise<string> {
  const sketch = { tools: ['sign'], ...(deploy && { deploy }) };
  const { id } = await rig.start(await rig.agent([asks(['sign']), says('done')], sketch));
  await rig.pending(id, 'sign');
  return id;
}

async function goOn(turnId: string): Promise<void> {
  const callId = await rig.pending(turnId, 'sign');
  await rig.decide(turnId, callId, { action: 'allow' });
  expect((await rig.end(turnId)).turn.state).toBe('completed');
}

describe('turns that are kept to builds', () => {
  it('move to a promoted build, or stay where they are pinned; and move back', async () => {
    const stopOld = await addBuild(OLD_BUNDLE, older);
    await isCurrent(older);
    const moving = await parked();
    const staying = await parked('pinned');
    await turnsOn(older, 2);

    const stopNew = await addBuild(newBundle, newer);
    await poll(
      async () => {
        await deployments.promote(newer);
        return true;
      },
      { what: 'the new build can be promoted' },
    );
    const fresh = await parked();
    await turnsOn(newer, 1);
    expect(await deployments.builds()).toEqual([
      { buildId: newer, status: 'current', openTurns: 1 },
      { buildId: older, status: 'draining', openTurns: 2 },
    ]);
    await goOn(moving);
    await turnsOn(older, 1);

    // The old worker is still needed for what is pinned to it.
    await goOn(staying);
    await turnsOn(older, 0);
    expect(await deployments.builds()).toContainEqual({ buildId: older, status: 'drained', openTurns: 0 });

    expect(await deployments.rollBack()).toBe(older);
    await isCurrent(older);
    await goOn(fresh);
    await stopNew();
    await rig.verify();
    await stopOld();
  });
});

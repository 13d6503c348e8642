import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TurnClosed } from '../../src/temporal/turn/turn-gateway.ts';
import { useAuthRigs } from '../support/auth-rig.ts';
import { bundleChanged } from '../support/other-code.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();
let other = '';

beforeAll(async () => {
  other = await bundleChanged('auth-stuck', [
    {
      file: 'src/workflows/auth/auth-flow.ts',
      from: 'const recorder = recordViews(flow);',
      to: 'await forgetSecrets({ flowId: flow.flowId });\nconst recorder = recordViews(flow);',
    },
  ]);
}, 60_000);
afterAll(() => rmSync(other, { force: true }));

it('a login whose worker runs code that cannot go on with it is stuck, visibly, and goes on when the right one is back', async () => {
  const rig = await rigOf({ open: () => aForm(['code']), act: () => LOGGED_IN });
  const connectionId = await rig.connect();
  const flowId = await rig.login(connectionId, { parkAfterMs: 200 });
  const view = await rig.awaitInput(flowId);
  expect(await rig.gateway.stuck({ flowId })).toBeUndefined();
  await rig.workers[0]?.stop();
  const wrong = await rig.addWorker({ bundleFile: other });
  const answering = rig.answer(flowId, view, { code: '1' });
  const stuck = await poll(() => rig.gateway.stuck({ flowId }), {
    what: 'the login is seen stuck',
    timeoutMs: 20_000,
  });
  expect(stuck).toMatchObject({ reason: 'task_failing', message: expect.stringMatching(/nondeterminism/i) });
  expect(await rig.gateway.stuck({ connectionId })).toBeUndefined();
  await expect(rig.gateway.stuck({ flowId: 'nobody' })).rejects.toBeInstanceOf(TurnClosed);
  await wrong.stop();
  await rig.addWorker();
  await answering;
  await rig.until(flowId, ({ flow_step }) => flow_step !== 'SUBMITTING');
  expect(await rig.gateway.stuck({ flowId }).catch(() => undefined)).toBeUndefined();
}, 60_000);

import { expect, it } from '@jest/globals';
import { createStore } from '../../src/store/create-store.ts';
import { useAuthRigs } from '../support/auth-rig.ts';
import { aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();
const LOGINS = 4;

it('logins come to their ends beside a worker of another installation on the same queues, which leaves them alone', async () => {
  const rig = await rigOf({ open: () => aForm(['code']), act: () => LOGGED_IN });
  await using other = await createStore({ kind: 'sqlite', file: ':memory:' });
  const foreign = await rig.addWorker({ auth: other.auth });
  const login = async () => {
    const connectionId = await rig.connect();
    const flowId = await rig.login(connectionId);
    await rig.answer(flowId, await rig.awaitInput(flowId), { code: '1' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    return (await rig.store.auth.connections.get(connectionId))?.status;
  };
  const ends = await Promise.all(Array.from({ length: LOGINS }, login));
  expect(ends).toEqual(Array(LOGINS).fill('AUTHENTICATED'));
  expect(foreign.browser.acts).toEqual([]);
  await foreign.stop();
}, 60_000);

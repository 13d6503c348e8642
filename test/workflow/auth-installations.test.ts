import { expect, it } from '@jest/globals';
import { createStore } from '../../src/store/create-store.ts';
import { useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();
const LOGINS = 4;

it('logins come to their ends beside a worker of another installation on the same queues, which leaves them alone', async () => {
  const rig = await rigOf({ open: () => aForm(['code']), act: () => LOGGED_IN });
  await using other = await createStore({ kind: 'sqlite', file: ':memory:' });
  const foreign = await rig.addWorker({ own: other });
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

it('a webhook whose delivery a worker of another installation takes up is left for a worker that has it', async () => {
  const rig = await rigOf({ open: () => aForm(['code']), act: () => LOGGED_IN });
  const { auth, webhooks } = rig.store;
  await rig.workers[0]?.stop();
  await using other = await createStore({ kind: 'sqlite', file: ':memory:' });
  const foreign = await rig.addWorker({ own: other });
  const connectionId = await rig.connect();
  const at = new Date().toISOString();
  const webhook = { id: `wh_${connectionId}`, url: 'http://127.0.0.1:9/', events: [], createdAt: at };
  const sealedSecret = rig.vault.seal(`whsec_${'A'.repeat(32)}`, { use: 'webhook', webhookId: webhook.id });
  await webhooks.create({ ...webhook, sealedSecret });
  const change = { id: connectionId, changeId: 'change', set: {}, at };
  const changed = await auth.connections.change({ ...change, event: 'auth.connection.needs_auth' });
  const deliveryId = changed?.deliveries[0] ?? '';
  await rig.webhookGateway.deliver(deliveryId);
  const workflow = rig.client.workflow.getHandle(`webhook:${deliveryId}`);
  const tries = async () => {
    const { pendingActivities } = (await workflow.describe()).raw;
    return Number(pendingActivities?.[0]?.attempt ?? 0);
  };
  await poll(async () => (await tries()) > 1, { what: 'the foreign worker has left it' });
  await rig.addWorker();
  const tried = async () => ((await webhooks.delivery(deliveryId))?.attempts ?? 0) > 0;
  await poll(tried, { what: 'the worker that has it has tried to send it' });
  await workflow.terminate('the test is over');
  await foreign.stop();
}, 60_000);

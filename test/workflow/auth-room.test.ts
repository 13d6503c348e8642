import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { PageView } from '../../src/contract/index.ts';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN, type ScriptedSite } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

const LOGIN = aForm(['username', 'password']);
const PUSH: PageView = {
  kind: 'external',
  fingerprint: 'push',
  message: 'Approve on your phone',
  fields: [],
  choices: [],
  url: 'https://site.example/push',
};
const BY = { tokenId: 'token-anna', name: 'anna' };
const ADA = { username: 'ada', password: 'pw' };

const succeeds = (rig: AuthRig, flowId: string) =>
  rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');

describe('a worker without room', () => {
  it('parks the login that has waited for the longest, so that another one can begin', async () => {
    const rig = await rigOf({ open: () => LOGIN, act: () => LOGGED_IN }, 2);
    const flows = await Promise.all([1, 2, 3, 4].map(async () => await rig.login(await rig.connect())));
    const views = await Promise.all(flows.map((flowId) => rig.awaitInput(flowId)));
    expect(rig.workers[0]?.browser.openContexts()).toBeLessThanOrEqual(2);
    for (const [index, flowId] of flows.entries()) {
      const view = views[index];
      if (view) await rig.answer(flowId, view, ADA);
    }
    for (const flowId of flows) await succeeds(rig, flowId);
  });

  it('keeps what cannot be parked, and still sees it crash', async () => {
    let isApproved = false;
    const rig = await rigOf({ open: () => (isApproved ? LOGGED_IN : PUSH), act: () => LOGGED_IN }, 1);
    const flowId = await rig.login(await rig.connect());
    const first = await rig.until(flowId, ({ flow_step }) => flow_step === 'AWAITING_EXTERNAL_ACTION');
    const [worker] = rig.workers;
    const other = await rig.login(await rig.connect());
    await poll(() => worker?.browser.wanted.includes(flowId), { what: 'its room is wanted' });
    expect(worker?.browser.openContexts()).toBe(1);
    isApproved = true;
    worker?.browser.crash(flowId);
    expect((await succeeds(rig, flowId)).revision).toBeGreaterThan(first.revision);
    await succeeds(rig, other);
  });
});

describe('where many wait for a browser', () => {
  it('whoever has answered goes first, then new logins', async () => {
    const order: string[] = [];
    const hasRoom = Promise.withResolvers<void>();
    const site: ScriptedSite = {
      async open({ flowId }) {
        order.push(flowId);
        if (order.length === 2) await hasRoom.promise;
        return LOGIN;
      },
      act: () => LOGGED_IN,
      resume(page) {
        order.push('answered');
        return page;
      },
    };
    const rig = await rigOf(site, 1);
    const answered = await rig.login(await rig.connect(), { parkAfterMs: 50 });
    const view = await rig.awaitInput(answered);
    await poll(async () => (await rig.store.auth.secrets.getParked(answered)) !== undefined, {
      what: 'it is parked',
    });
    const blocking = await rig.login(await rig.connect(), { parkAfterMs: 50 });
    await poll(() => order.length === 2, { what: 'the browser is busy' });
    const waiting: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      waiting.push(await rig.login(await rig.connect(), { parkAfterMs: 50 }));
    }
    await poll(async () => (await rig.waitingForBrowser()) === 3, { what: 'three wait in the queue' });
    await rig.answer(answered, view, ADA);
    await poll(async () => (await rig.waitingForBrowser()) === 4, { what: 'so does the answer' });
    hasRoom.resolve();
    for (const flowId of waiting) await rig.awaitInput(flowId);
    expect(order.slice(0, 3)).toEqual([answered, blocking, 'answered']);
    await succeeds(rig, answered);
  });

  it('a check waits for room instead of counting as done', async () => {
    const approved = Promise.withResolvers<PageView>();
    let opened = 0;
    let checks = 0;
    const site: ScriptedSite = {
      open() {
        opened += 1;
        return opened === 1 ? LOGIN : PUSH;
      },
      act: () => LOGGED_IN,
      elsewhere: approved.promise,
      check() {
        checks += 1;
        return 'logged_in';
      },
    };
    const rig = await rigOf(site, 1);
    const connectionId = await rig.connect();
    const first = await rig.login(connectionId);
    await rig.answer(first, await rig.awaitInput(first), ADA);
    await succeeds(rig, first);
    const inTheWay = await rig.login(await rig.connect());
    await rig.until(inTheWay, ({ flow_step }) => flow_step === 'AWAITING_EXTERNAL_ACTION');
    await rig.gateway.check(connectionId, BY);
    await poll(() => rig.workers[0]?.browser.wanted.includes(inTheWay), { what: 'its room is wanted' });
    expect(checks).toBe(0);
    approved.resolve(LOGGED_IN);
    await succeeds(rig, inTheWay);
    await poll(() => checks === 1, { what: 'the login is looked at' });
  });

  it('a login that is asked for does not wait for a check', async () => {
    const looked = Promise.withResolvers<void>();
    const site: ScriptedSite = {
      open: () => LOGIN,
      act: () => LOGGED_IN,
      async check(_request, signal) {
        looked.resolve();
        const [given] = await once(signal, 'abort');
        throw given;
      },
    };
    const rig = await rigOf(site, 2);
    const connectionId = await rig.connect();
    const first = await rig.login(connectionId);
    await rig.answer(first, await rig.awaitInput(first), ADA);
    await succeeds(rig, first);
    await rig.gateway.check(connectionId, BY);
    await looked.promise;
    const second = await rig.login(connectionId);
    await rig.answer(second, await rig.awaitInput(second), ADA);
    await succeeds(rig, second);
    expect((await rig.store.auth.connections.get(connectionId))?.status).toBe('AUTHENTICATED');
  });
});

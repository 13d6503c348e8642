import { describe, expect, it } from '@jest/globals';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

const LOGIN = aForm(['username', 'password']);
const CODE = aForm(['code']);

describe('a browser that is lost', () => {
  it('while a person thinks is replaced, and the question is asked anew', async () => {
    const rig = await rigOf({ open: () => LOGIN, act: () => LOGGED_IN });
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    rig.workers[0]?.browser.crash(flowId);
    const second = await rig.awaitInput(flowId, first);
    expect(second.interaction_id).not.toBe(first.interaction_id);
    await expect(rig.answer(flowId, first, { username: 'ada', password: 'pw' })).rejects.toMatchObject({
      code: 'stale_interaction',
    });
    await rig.answer(flowId, second, { username: 'ada', password: 'pw' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(await rig.replay('auth-lost-browser')).toBe(2);
  });

  it('in the act is never made up for by a second submit: the person is asked again and told why', async () => {
    let acts = 0;
    const rig = await rigOf({
      open: () => LOGIN,
      act: () => {
        acts += 1;
        return acts === 1 ? { crash: true, outcome: 'unknown' } : LOGGED_IN;
      },
    });
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    await rig.answer(flowId, first, { username: 'ada', password: 'pw' });
    const second = await rig.awaitInput(flowId, first);
    expect(acts).toBe(1);
    expect(second.fields?.map(({ ref }) => ref)).toEqual(['password']);
    expect(second.fields?.[0]?.hint).toMatch(/could not be seen/);
    await rig.answer(flowId, second, { password: 'pw' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(rig.workers[0]?.browser.acts[1]?.typed).toEqual({ username: 'ada', password: 'pw' });
  });

  it('in the act with a stored credential does not type the credential again', async () => {
    const rig = await rigOf({ open: () => LOGIN, act: () => ({ crash: true, outcome: 'unknown' }) });
    rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada', password: 'pw' } };
    const flowId = await rig.login(await rig.connect({ credential: { name: 'c' } }));
    const view = await rig.awaitInput(flowId);
    expect(view.fields?.map(({ ref }) => ref)).toEqual(['password']);
    expect(rig.workers[0]?.browser.acts).toHaveLength(1);
  });

  it('before anything was sent lets the credential be typed', async () => {
    let acts = 0;
    const rig = await rigOf({
      open: () => LOGIN,
      act: () => {
        acts += 1;
        return acts === 1 ? { crash: true, outcome: 'not_sent' } : LOGGED_IN;
      },
    });
    rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada', password: 'pw' } };
    const flowId = await rig.login(await rig.connect({ credential: { name: 'c' } }));
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(acts).toBe(2);
  });

  it('with its worker is replaced by another worker', async () => {
    const rig = await rigOf({ open: () => LOGIN, act: () => LOGGED_IN });
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    const [before] = rig.workers;
    await before?.stop();
    const after = await rig.addWorker();
    const second = await rig.awaitInput(flowId, first);
    expect(after.browser.opened).toEqual([flowId]);
    await rig.answer(flowId, second, { username: 'ada', password: 'pw' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
  });
});

describe('a login that nobody answers', () => {
  const parking = { parkAfterMs: 50 };
  const isParked = (rig: AuthRig) =>
    poll(async () => rig.workers[0]?.browser.openContexts() === 0 || undefined, {
      what: 'the login is parked',
    });

  it('is parked without a browser, and goes on where it was when the answer comes', async () => {
    const rig = await rigOf({
      open: () => LOGIN,
      act: (_typed, _act, page) => (page.kind === 'form' && page.fingerprint === 'code' ? LOGGED_IN : CODE),
    });
    const flowId = await rig.login(await rig.connect(), parking);
    const first = await rig.awaitInput(flowId);
    await isParked(rig);
    expect((await rig.store.auth.flows.get(flowId))?.view.revision).toBe(first.revision);
    await rig.answer(flowId, first, { username: 'ada', password: 'pw' });
    const second = await rig.awaitInput(flowId, first);
    await isParked(rig);
    await rig.answer(flowId, second, { code: '1' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(rig.workers[0]?.browser.opened).toEqual([flowId]);
    await poll(async () => (await rig.store.auth.secrets.getParked(flowId)) === undefined || undefined, {
      what: 'what was parked is deleted',
    });
    expect(await rig.replay('auth-parked')).toBe(2);
  });

  it('types nothing into a form that is another one by then, and asks anew', async () => {
    const rig = await rigOf({
      open: () => LOGIN,
      act: (_typed, _act, page) => (page.kind === 'form' && page.fingerprint === 'code' ? LOGGED_IN : CODE),
      resume: (parked) => (parked.kind === 'form' && parked.fingerprint === 'code' ? LOGIN : parked),
    });
    const flowId = await rig.login(await rig.connect(), { parkAfterMs: 300 });
    const first = await rig.awaitInput(flowId);
    await rig.answer(flowId, first, { username: 'ada', password: 'pw' });
    const second = await rig.awaitInput(flowId, first);
    await isParked(rig);
    await rig.answer(flowId, second, { code: '1' });
    const third = await rig.awaitInput(flowId, second);
    expect(third.fields?.map(({ ref }) => ref)).toEqual(['password']);
    expect(third.fields?.[0]?.hint).toMatch(/did not keep the login open/);
    expect(rig.workers[0]?.browser.acts).toHaveLength(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { BrowserError } from '../../src/browser/login-browser.ts';
import type { FlowView, PageReport, StepFacts } from '../../src/contract/index.ts';
import { withWords } from '../../src/core/auth/step-words.ts';
import { unsealReading } from '../../src/secrets/packed.ts';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN, type ScriptedSite } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

const login = aForm(['username', 'password']);
const site: ScriptedSite = {
  open: () => login,
  act({ username, password, code }, _act, page) {
    if (page.kind === 'form' && page.fingerprint === 'code') {
      return code === '123456' ? LOGGED_IN : { ...aForm(['code']), websiteError: 'Wrong code 31415' };
    }
    return username === 'ada' && password === 'pw' ? aForm(['code']) : { ...login, websiteError: 'ada: no' };
  },
};

const stepsOf = async (rig: AuthRig, flowId: string): Promise<StepFacts[]> =>
  (await rig.store.auth.timeline.steps([flowId])).get(flowId) ?? [];

/** What was read last, as a report has it. */
const reportOf = async (rig: AuthRig, flowId: string): Promise<PageReport | undefined> => {
  const connectionId = (await rig.store.auth.flows.get(flowId))?.connectionId ?? '';
  const kept = await rig.store.auth.reports.reading(connectionId, new Date().toISOString());
  return kept && JSON.parse(unsealReading(rig.vault, kept.sealed, { use: 'reading', connectionId }));
};

/** What stays of the steps when times are left out. */
const shape = (steps: StepFacts[]) =>
  steps.map(({ page, decision, act, result }) => [
    page?.purpose,
    decision && `${decision.kind} ${decision.why} ${decision.asked.join('+')}`,
    act && `${act.outcome} ${act.filled.map(({ ref, from }) => `${ref} of ${from}`).join('+')}`,
    result,
  ]);

describe('the timeline of a login', () => {
  it('tells page after page what was read, decided and done, and what came, while it is under way and afterwards', async () => {
    const rig = await rigOf(site);
    rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada' } };
    const flowId = await rig.login(await rig.connect({ credential: { name: 'c' } }));
    const answer = async (view: FlowView, values: Record<string, string>) =>
      rig.awaitInput(flowId, await rig.answer(flowId, view, values));

    const first = await rig.awaitInput(flowId);
    await poll(() => reportOf(rig, flowId), { what: 'what was read is kept for a report' });
    expect(shape(await stepsOf(rig, flowId))).toEqual([
      ['login', 'ask lacking password', undefined, undefined],
    ]);
    const again = await answer(first, { password: 'no' });
    const code = await answer(again, { username: 'ada', password: 'pw' });
    await rig.answer(flowId, code, { code: '123456' });
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');

    const steps = await stepsOf(rig, flowId);
    expect(shape(steps)).toEqual([
      ['login', 'ask lacking password', 'done username of credential+password of person', 'rejected'],
      ['login', 'ask refused username+password', 'done username of person+password of person', 'next_page'],
      ['code', 'ask lacking code', 'done code of person', 'logged_in'],
      ['logged_in', undefined, undefined, 'logged_in'],
    ]);
    expect(steps.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(steps[0]?.waited_ms).toBeGreaterThanOrEqual(0);
    // Of the page behind the login nothing is kept.
    expect(await reportOf(rig, flowId)).toMatchObject({
      format: 'longturn.page-reading',
      page: { purpose: 'code' },
    });
    expect(JSON.stringify(steps.map(withWords))).not.toMatch(/ada|31415|123456|"pw"/);
    expect(await rig.replay('auth-timeline')).toBe(2);
  });

  it('tells that no page could be opened, and with which code the login ended', async () => {
    const rig = await rigOf({
      ...site,
      open: () => {
        throw new BrowserError('domain_not_allowed', 'open');
      },
    });
    const flowId = await rig.login(await rig.connect());
    await rig.until(flowId, ({ flow_status }) => flow_status === 'FAILED');
    expect(await stepsOf(rig, flowId)).toMatchObject([
      { n: 1, result: 'failed', error_code: 'domain_not_allowed' },
    ]);
  });

  it('tells that the browser was lost in the middle of an act, and that somebody canceled', async () => {
    const rig = await rigOf({ ...site, act: () => ({ crash: true, outcome: 'unknown' }) });
    const flowId = await rig.login(await rig.connect());
    const first = await rig.awaitInput(flowId);
    await rig.answer(flowId, first, { username: 'ada', password: 'pw' });
    await rig.awaitInput(flowId, first);
    await rig.gateway.cancel(flowId, { tokenId: 't', name: 't' });
    const steps = await poll(
      async () => {
        const all = await stepsOf(rig, flowId);
        return all.at(-1)?.result === 'canceled' && all;
      },
      { what: 'the end is noted' },
    );
    expect(shape(steps)).toEqual([
      [
        'login',
        'ask lacking username+password',
        'unknown username of person+password of person',
        'browser_lost',
      ],
      ['login', 'ask lacking password', undefined, 'canceled'],
    ]);
  });
});

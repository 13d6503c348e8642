import { describe, expect, it } from '@jest/globals';
import { BrowserError } from '../../src/browser/login-browser.ts';
import type { PageView } from '../../src/contract/index.ts';
import { useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN, type ScriptedSite } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

const LOGIN = aForm(['username', 'password']);
const ADA = { username: 'ada', password: 'pw' };

/** A site whose page, as often as is told beforehand, takes the browser with it while it is read. */
function deadly(more: Partial<ScriptedSite> = {}) {
  const script = { deaths: 0 };
  const orDie = (page: PageView) => {
    script.deaths -= 1;
    if (script.deaths >= 0) throw new BrowserError('context_gone', 'open');
    return page;
  };
  const site: ScriptedSite = { open: () => orDie(LOGIN), act: () => LOGGED_IN, resume: orDie, ...more };
  return { script, site };
}

describe('a browser that dies while the login is looked for', () => {
  it('is replaced, and the login is looked for again', async () => {
    const { script, site } = deadly();
    const rig = await rigOf(site);
    script.deaths = 3;
    const flowId = await rig.login(await rig.connect());
    const view = await rig.awaitInput(flowId);
    expect(view.revision).toBe(2);
    expect(rig.workers[0]?.browser.opened).toHaveLength(4);
    await rig.answer(flowId, view, ADA);
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(await rig.replay('auth-lost-opening')).toBe(2);
  });

  it('is replaced three times in a login, whatever happens in between', async () => {
    const { script, site } = deadly();
    const rig = await rigOf(site);
    script.deaths = 2;
    const flowId = await rig.login(await rig.connect());
    const view = await rig.awaitInput(flowId);
    script.deaths = 2;
    rig.workers[0]?.browser.crash(flowId);
    const end = await rig.until(flowId, ({ flow_status }) => flow_status !== 'IN_PROGRESS');
    expect(end).toMatchObject({ flow_status: 'FAILED', error_code: 'browser_error' });
    expect(end.revision).toBeGreaterThan(view.revision);
    expect(rig.workers[0]?.browser.opened).toHaveLength(5);
  });

  it('is replaced where a parked page was opened for its answer, which is then typed', async () => {
    const { script, site } = deadly();
    const rig = await rigOf(site);
    const flowId = await rig.login(await rig.connect(), { parkAfterMs: 50 });
    const view = await rig.awaitInput(flowId);
    await poll(() => rig.workers[0]?.browser.openContexts() === 0, { what: 'the login is parked' });
    script.deaths = 1;
    await rig.answer(flowId, view, ADA);
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(rig.workers[0]?.browser.acts.map(({ typed }) => typed)).toEqual([ADA]);
  });

  it('is replaced where a login is checked', async () => {
    let checks = 0;
    const check = () => {
      checks += 1;
      if (checks === 1) throw new BrowserError('context_gone', 'check');
      return 'logged_out' as const;
    };
    const { site } = deadly({ check });
    const rig = await rigOf(site);
    const connectionId = await rig.connect();
    const flowId = await rig.login(connectionId);
    await rig.answer(flowId, await rig.awaitInput(flowId), ADA);
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    await rig.gateway.check(connectionId, { tokenId: 't', name: 't' });
    await poll(async () => (await rig.store.auth.connections.get(connectionId))?.status === 'NEEDS_AUTH', {
      what: 'the check has seen that the login is over',
      timeoutMs: 20_000,
    });
    expect(checks).toBe(2);
  });
});

describe('a site that cannot be reached', () => {
  it('is tried three times, as before', async () => {
    let tries = 0;
    const rig = await rigOf({
      open() {
        tries += 1;
        throw new BrowserError('network_error', 'open');
      },
      act: () => LOGGED_IN,
    });
    const flowId = await rig.login(await rig.connect());
    const end = await rig.until(flowId, ({ flow_status }) => flow_status === 'FAILED');
    expect([end.error_code, tries]).toEqual(['network_error', 3]);
  });
});

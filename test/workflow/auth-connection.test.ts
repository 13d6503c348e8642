import { describe, expect, it } from '@jest/globals';
import type { LoginVerdict } from '../../src/contract/index.ts';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aField, aForm, LOGGED_IN, type ScriptedSite } from '../support/scripted-browser.ts';

const BY = { tokenId: 'token-anna', name: 'anna' };
const rigOf = useAuthRigs();

/** A connection that is logged in with a stored credential; what a check finds can be set. */
async function loggedIn(site: Partial<ScriptedSite> = {}) {
  const found: { verdict: LoginVerdict; password: string } = { verdict: 'logged_in', password: 'pw' };
  const form = aForm(['username', 'password']);
  const rig = await rigOf({
    open: () => form,
    act: ({ password }) => (password === found.password ? LOGGED_IN : { ...form, websiteError: 'No' }),
    check: () => found.verdict,
    ...site,
  });
  rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada', password: 'pw' } };
  const connectionId = await rig.connect({ credential: { name: 'c' }, healthChecks: true });
  const flowId = await rig.login(connectionId);
  await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
  const connection = async () => {
    const record = await rig.store.auth.connections.get(connectionId);
    if (!record) throw new Error('The connection is gone.');
    return record;
  };
  const check = async () => {
    const before = await checksOf(rig, connectionId);
    await rig.gateway.check(connectionId, BY);
    await poll(async () => (await checksOf(rig, connectionId)) > before || undefined, {
      what: 'a check is noted',
    });
  };
  return { rig, connectionId, found, connection, check };
}

async function checksOf(rig: AuthRig, connectionId: string): Promise<number> {
  const { items } = await rig.store.auth.timeline.list(connectionId, {
    limit: 100,
    offset: 0,
    type: 'health_check',
  });
  return items.length;
}

describe('a check that finds the login gone', () => {
  it('ends the re-auth where the site shows its form on a host that the credential is not for', async () => {
    const { rig, check, found, connection } = await loggedIn();
    found.verdict = 'logged_out';
    rig.credential.current = {
      source: 'store',
      id: 'c',
      values: { username: 'ada', password: 'pw' },
      domains: ['shop.example'],
    };
    const typed = rig.workers[0]?.browser.acts.length;
    const first = (await connection()).flowId;
    await check();
    const flowId = await poll(
      async () => {
        const flow = (await connection()).flowId;
        return flow !== first && flow;
      },
      { what: 'the re-auth has begun' },
    );
    const end = await rig.until(flowId, ({ flow_status }) => flow_status !== 'IN_PROGRESS');
    expect(end).toMatchObject({ flow_type: 'REAUTH', error_code: 'domain_not_allowed' });
    expect(rig.workers[0]?.browser.acts).toHaveLength(typed ?? 0);
    await poll(async () => (await connection()).status === 'NEEDS_AUTH', { what: 'the end is noted' });
  });
});

describe('a check', () => {
  it('that finds the login in force notes that and nothing else', async () => {
    const { connection, check } = await loggedIn();
    const before = (await connection()).lastAuthCheckAt ?? '';
    await check();
    expect(await connection()).toMatchObject({ status: 'AUTHENTICATED' });
    expect((await connection()).lastAuthCheckAt! > before).toBe(true);
  });

  it('that cannot tell is no reason to ask for a login', async () => {
    const { connection, check, found } = await loggedIn();
    found.verdict = 'unknown';
    await check();
    expect(await connection()).toMatchObject({ status: 'AUTHENTICATED' });
  });

  it('that finds it logged out logs in again with the stored credential', async () => {
    const { rig, connectionId, connection, check, found } = await loggedIn();
    const [first] = await rig.store.auth.flows.ofConnection(connectionId, 10);
    found.verdict = 'logged_out';
    await check();
    const again = await poll(
      async () =>
        (await rig.store.auth.flows.ofConnection(connectionId, 10)).find(({ type }) => type === 'REAUTH'),
      { what: 'a re-auth has begun' },
    );
    await rig.until(again.id, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(again.id).not.toBe(first?.id);
    expect(await connection()).toMatchObject({ status: 'AUTHENTICATED', flowId: again.id });
    const timeline = await rig.store.auth.timeline.list(connectionId, { limit: 10, offset: 0 });
    expect(timeline.items.map(({ type }) => type).sort()).toEqual(['health_check', 'login', 'reauth']);
    expect(await rig.replay('auth-reauth')).toBe(2);
  });

  it('that is followed by a login that was asked nothing keeps what the one before has learnt', async () => {
    let isIn = false;
    const { rig, connectionId, connection } = await loggedIn({
      open: () => (isIn ? LOGGED_IN : aForm(['username', 'password'])),
      act: () => LOGGED_IN,
    });
    const { learnt } = await connection();
    expect(learnt?.steps).toHaveLength(1);
    isIn = true;
    const flowId = await rig.login(connectionId);
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    expect((await connection()).learnt).toEqual(learnt);
  });

  it.each([
    ['by the way that it has learnt', false],
    ['by the looks of the page where the site has changed', true],
  ])('that finds it logged out logs in again %s', async (_how, changed) => {
    const asked: (string | undefined)[] = [];
    const form = (company: boolean) =>
      aForm(['username', 'password', ...(company ? [aField('company', { required: false })] : [])]);
    const { rig, connectionId, check, found } = await loggedIn({
      open: ({ learntUrl }) => {
        asked.push(learntUrl);
        return form(changed && asked.length > 1);
      },
      act: () => LOGGED_IN,
    });
    rig.credential.current = {
      source: 'store',
      id: 'c',
      values: { username: 'ada', password: 'pw', company: 'Analytical' },
    };
    found.verdict = 'logged_out';
    await check();
    await poll(
      async () => {
        const flows = await rig.store.auth.flows.ofConnection(connectionId, 10);
        return flows.find(({ type, view }) => type === 'REAUTH' && view.flow_status === 'SUCCESS');
      },
      { what: 'the re-auth has succeeded' },
    );
    expect(asked).toEqual([undefined, 'https://site.example/login']);
    const again = rig.workers[0]?.browser.acts[1]?.typed;
    const learnt = { username: 'ada', password: 'pw' };
    expect(again).toEqual(changed ? { ...learnt, company: 'Analytical' } : learnt);
    const { steps } = (await rig.store.auth.connections.get(connectionId))?.learnt ?? {};
    expect(steps?.map(({ refs }) => refs)).toEqual([Object.keys(again ?? {})]);
    expect(await rig.replay(changed ? 'auth-reauth-changed' : 'auth-reauth-learnt')).toBe(2);
  });

  it('that finds it logged out asks for a login where nobody allowed more', async () => {
    const { rig, connectionId, connection, check, found } = await loggedIn();
    const { settings } = await connection();
    await rig.store.auth.connections.configure(
      connectionId,
      { ...settings, autoReauth: false },
      new Date().toISOString(),
    );
    await rig.gateway.configured(connectionId);
    found.verdict = 'logged_out';
    await check();
    expect(await connection()).toMatchObject({ status: 'NEEDS_AUTH' });
  });
});

describe('automatic logins', () => {
  it('are given up after three failures in a row, until one by hand succeeds', async () => {
    const { rig, connectionId, connection, check, found } = await loggedIn();
    found.verdict = 'logged_out';
    found.password = 'changed';
    for (const failures of [1, 2, 3]) {
      await check();
      await poll(
        async () => {
          const flows = await rig.store.auth.flows.ofConnection(connectionId, 10);
          const failed = flows.filter(({ type, view }) => type === 'REAUTH' && view.flow_status === 'FAILED');
          return (failed.length === failures && (await connection()).status === 'NEEDS_AUTH') || undefined;
        },
        { what: `re-auth ${failures} has failed` },
      );
    }
    await poll(async () => !(await connection()).canReauth || undefined, {
      what: 'the third failure is noted',
    });
    expect(await connection()).toMatchObject({ canReauth: false, canReauthReason: 'no_viable_plans' });
    expect(rig.workers[0]?.browser.acts).toHaveLength(4);
    await check();
    expect(await rig.store.auth.flows.ofConnection(connectionId, 10)).toHaveLength(4);
  });
});

describe('a connection whose workflow comes upon an error that nobody meant', () => {
  it('goes on: the login that could not be begun stands in the way of no other', async () => {
    const { rig, connectionId, connection } = await loggedIn();
    const taken = `flow_taken_${connectionId}`;
    const squatter = await rig.client.workflow.start('authFlow', {
      workflowId: `auth-flow:${taken}`,
      taskQueue: 'nobody-polls-here',
      args: [{}],
    });
    const workflow = rig.client.workflow.getHandle(`auth:${connectionId}`);
    const { runId } = await workflow.describe();
    const limits = { flowTimeoutMs: 60_000, waitTimeoutMs: 60_000, parkAfterMs: 60_000 };
    const request = { connectionId, hostedUrl: null, limits: limits as never, by: BY };
    const { flowId: ended = '' } = await connection();
    await rig.gateway.login({ ...request, ended, flowId: taken });
    // Told by the engine is not yet known to the workflow: a login that comes with the news is judged before it is taken up.
    const known = async () => {
      const events = (await workflow.fetchHistory()).events ?? [];
      const failed = events.findIndex((event) => event.startChildWorkflowExecutionFailedEventAttributes);
      return failed >= 0 && events.slice(failed).some((event) => event.workflowTaskCompletedEventAttributes);
    };
    await poll(known, { what: 'the workflow knows that the login could not be begun' });
    const next = await rig.login(connectionId);
    await rig.until(next, ({ flow_status }) => flow_status === 'SUCCESS');
    expect(await workflow.describe()).toMatchObject({ runId, status: { name: 'RUNNING' } });
    await squatter.terminate('the test is over');
  });
});

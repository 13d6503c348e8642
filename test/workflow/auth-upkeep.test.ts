import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { createAuthUpkeep } from '../../src/upkeep/auth-upkeep.ts';
import { useAuthRigs } from '../support/auth-rig.ts';
import { aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

/** A login that waits for an answer, and the upkeep of an hour later. */
async function waiting() {
  const rig = await rigOf({ open: () => aForm(['username', 'password']), act: () => LOGGED_IN });
  const connectionId = await rig.connect();
  const flowId = await rig.login(connectionId);
  const view = await rig.awaitInput(flowId);
  const told: string[] = [];
  const upkeep = createAuthUpkeep({
    auth: rig.store.auth,
    gateway: rig.gateway,
    feed: { publish: (hint) => told.push(hint.topic) },
    browser: { warmUp: async () => undefined },
    log: createLogger({ level: 'silent' }),
    now: () => new Date(Date.now() + 3_600_000),
  });
  return { rig, connectionId, flowId, view, upkeep, told };
}

describe('a login whose workflow was terminated by hand', () => {
  it('ends EXPIRED, its readers are told, its secrets are gone, and another one may begin', async () => {
    const { rig, connectionId, flowId, view, upkeep, told } = await waiting();
    const { secretId } = await rig.keepSecret(flowId, view, 'typed');
    await rig.terminate(flowId);
    await upkeep.endLostFlows();

    expect((await rig.store.auth.flows.get(flowId))?.view).toMatchObject({
      flow_status: 'EXPIRED',
      flow_step: 'COMPLETED',
      error_code: 'session_expired',
      interaction_id: null,
      revision: view.revision + 1,
    });
    expect(told).toEqual(['auth_flow']);
    const kept = await rig.store.auth.secrets.get(flowId, [secretId], new Date(0).toISOString());
    expect(kept).toEqual([]);
    const next = await rig.login(connectionId);
    expect((await rig.awaitInput(next)).flow_status).toBe('IN_PROGRESS');
  });
});

describe('a lost login that cannot be ended', () => {
  it('stops no other', async () => {
    const { rig, flowId, told } = await waiting();
    await rig.terminate(flowId);
    const bad = { id: 'flow_bad' };
    const overdue = async (before: string) => [bad, ...(await rig.store.auth.flows.overdue(before))] as never;
    const upkeep = createAuthUpkeep({
      auth: { ...rig.store.auth, flows: { ...rig.store.auth.flows, overdue } },
      gateway: {
        ...rig.gateway,
        isOpen: async (id) => {
          if (id === bad.id) throw new Error('cannot follow');
          return await rig.gateway.isOpen(id);
        },
      },
      feed: { publish: (hint) => told.push(hint.topic) },
      browser: { warmUp: async () => undefined },
      log: createLogger({ level: 'silent' }),
      now: () => new Date(Date.now() + 3_600_000),
    });
    await upkeep.endLostFlows();
    expect((await rig.store.auth.flows.get(flowId))?.view.flow_status).toBe('EXPIRED');
  });
});

describe('a login whose workflow runs', () => {
  it('is left alone, however late it is', async () => {
    const { rig, flowId, view, upkeep, told } = await waiting();
    await upkeep.endLostFlows();
    expect((await rig.store.auth.flows.get(flowId))?.view).toEqual(view);
    expect(told).toEqual([]);
  });
});

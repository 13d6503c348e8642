import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { createAuthUpkeep } from '../../src/upkeep/auth/auth-upkeep.ts';
import { type AuthRig, useAuthRigs } from '../support/auth-rig.ts';
import { poll } from '../support/poll.ts';
import { aForm, LOGGED_IN } from '../support/scripted-browser.ts';

const rigOf = useAuthRigs();

/** Upkeep whose clock stands ahead. */
function upkeepOf(rig: AuthRig, aheadMs: number, tell: (topic: string) => void = () => {}) {
  return createAuthUpkeep({
    auth: rig.store.auth,
    gateway: rig.gateway,
    webhookGateway: rig.webhookGateway,
    feed: { publish: ({ topic }) => tell(topic) },
    browser: { warmUp: async () => undefined },
    log: createLogger({ level: 'silent' }),
    now: () => new Date(Date.now() + aheadMs),
  });
}

/** A login that waits for an answer, and the upkeep of an hour later. */
async function waiting() {
  const rig = await rigOf({ open: () => aForm(['username', 'password']), act: () => LOGGED_IN });
  const connectionId = await rig.connect();
  const flowId = await rig.login(connectionId);
  const view = await rig.awaitInput(flowId);
  const told: string[] = [];
  const upkeep = upkeepOf(rig, 3_600_000, (topic) => told.push(topic));
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
      webhookGateway: rig.webhookGateway,
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

describe('a connection whose workflow was terminated by hand', () => {
  /** A connection that is logged in and has health checks; its workflow is closed. */
  async function abandoned() {
    const rig = await rigOf({
      open: () => aForm(['username']),
      act: () => LOGGED_IN,
      check: () => 'logged_in',
    });
    rig.credential.current = { source: 'store', id: 'c', values: { username: 'ada' } };
    const connectionId = await rig.connect({ credential: { name: 'c' }, healthChecks: true });
    const flowId = await rig.login(connectionId);
    await rig.until(flowId, ({ flow_status }) => flow_status === 'SUCCESS');
    await rig.close(connectionId);
    return { rig, connectionId };
  }

  it('is looked after again, once its health check is overdue', async () => {
    const { rig, connectionId } = await abandoned();
    const checkedAt = async () => (await rig.store.auth.connections.get(connectionId))?.lastAuthCheckAt;
    const before = await checkedAt();
    await upkeepOf(rig, 0).startConnections();
    expect(await rig.gateway.ensure(connectionId)).toBe(true);
    await rig.close(connectionId);

    await upkeepOf(rig, 3_600_000).startConnections();
    expect(await rig.gateway.ensure(connectionId)).toBe(false);
    await rig.gateway.check(connectionId, { tokenId: 't', name: 'anna' });
    await poll(async () => (await checkedAt()) !== before, { what: 'the login is looked at' });
  });

  it('keeps nobody else from being started: a round goes on where the last one stopped', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `conn_${String(n).padStart(2, '0')}`);
    const asked: string[] = [];
    const connection = (id: string) => ({
      id,
      settings: { healthChecks: id !== 'conn_07', healthCheckIntervalS: 300 },
      createdAt: new Date(0).toISOString(),
    });
    const upkeep = createAuthUpkeep({
      auth: {
        connections: {
          loggedIn: async (after: string, limit: number) =>
            ids
              .filter((id) => id > after)
              .slice(0, limit)
              .map(connection),
        },
      } as never,
      gateway: { ensure: async (id: string) => asked.push(id) < 0 } as never,
      webhookGateway: { deliver: async () => {} },
      feed: { publish() {} },
      browser: { warmUp: async () => undefined },
      log: createLogger({ level: 'silent' }),
      now: () => new Date(),
    });
    const rounds: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await upkeep.startConnections();
      rounds.push(asked.length);
    }
    expect(rounds).toEqual([20, 40, 49]);
    expect(new Set(asked)).toEqual(new Set(ids.filter((id) => id !== 'conn_07')));
  });
});

import { expect, it } from '@jest/globals';
import { loginOf } from '../../../src/core/auth/login-wait.ts';
import { awaiting, newConnection, newFlow, view } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authDeletionSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  /** A connection with one of everything. */
  const furnished = async (flowId: string) => {
    const connectionId = `conn-${flowId}`;
    const { auth } = store();
    await newFlow(store(), flowId);
    await auth.connections.change({
      id: connectionId,
      changeId: 'change',
      set: { status: 'AUTHENTICATED' },
      timeline: { id: 'check', type: 'health_check', status: 'AUTHENTICATED', timestamp: at(1) },
      at: at(1),
    });
    await auth.handoffs.create({ codeHash: `h-${flowId}`, connectionId, flowId, expiresAt: at(9) });
    const expiresAt = at(600);
    await auth.secrets.put([{ id: `s-${flowId}`, flowId, interactionId: 'i', sealed: 'x', expiresAt }]);
    await auth.secrets.putParked({ flowId, sealed: 'page', expiresAt });
    await auth.flows.noteShown(flowId, 'client', 'i');
    await auth.flows.noteSubmit({ flowId, bodyHash: 'h', interactionId: 'i', at: at(1) });
    await store().waiters.add({ ...loginOf(connectionId), turnId: 't', callId: `call-${flowId}` });
    return connectionId;
  };
  const left = async (flowId: string) => {
    const { auth, waiters } = other();
    const connectionId = `conn-${flowId}`;
    const found = [
      await auth.connections.get(connectionId),
      await auth.flows.get(flowId),
      (await auth.timeline.list(connectionId, { limit: 9, offset: 0 })).items[0],
      await auth.handoffs.get(`h-${flowId}`),
      (await auth.secrets.get(flowId, [`s-${flowId}`], at(0)))[0],
      await auth.secrets.getParked(flowId),
      await auth.flows.shown(flowId, 'client'),
      await auth.flows.submitSince(flowId, 'h', at(0)),
      (await waiters.of(loginOf(connectionId)))[0],
    ];
    return found.filter((one) => one !== undefined).length;
  };

  it('takes everything of a connection with it, and nothing of another one', async () => {
    const connectionId = await furnished('gone');
    await furnished('stays');
    expect(await left('gone')).toBe(9);
    expect(await store().auth.connections.delete(connectionId)).toBe(true);
    expect(await store().auth.connections.delete(connectionId)).toBe(false);
    expect(await left('gone')).toBe(0);
    expect(await left('stays')).toBe(9);
    expect(await store().auth.profiles.find('profile-of-conn-gone')).toMatchObject({ version: 0 });
  });

  it('frees the profile and domain, and forgets which changes were applied', async () => {
    const connectionId = await furnished('again');
    await store().auth.connections.delete(connectionId);
    const made = await newConnection(store(), connectionId);
    expect(made).toMatchObject({ id: connectionId, status: 'NEEDS_AUTH' });
    const change = { id: connectionId, changeId: 'change', set: { canReauth: true }, at: at(2) };
    expect(await store().auth.connections.change(change)).toMatchObject({ connection: { canReauth: true } });
  });

  it('leaves nothing behind when others write at the same time', async () => {
    for (const n of range(6)) {
      const flowId = `busy-${n}`;
      const connectionId = await furnished(flowId);
      const { auth } = other();
      const expiresAt = at(600);
      const late = { id: `late-${n}`, flowId, interactionId: 'i', sealed: 'x', expiresAt };
      await Promise.allSettled([
        auth.flows.put({ connectionId, view: awaiting(flowId, 2, 'i-2'), at: at(2) }),
        auth.secrets.put([late]),
        store().auth.connections.delete(connectionId),
        auth.flows.put({ connectionId, view: view(`second-${n}`), at: at(2) }),
        auth.secrets.putParked({ flowId, sealed: 'late', expiresAt }),
        auth.flows.noteShown(flowId, 'client', 'i-2'),
      ]);
      expect(await left(flowId)).toBe(0);
      expect(await auth.flows.get(`second-${n}`)).toBeUndefined();
      expect(await auth.secrets.get(flowId, [late.id], at(0))).toEqual([]);
    }
  });
}

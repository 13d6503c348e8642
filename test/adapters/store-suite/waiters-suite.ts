import { expect, it } from '@jest/globals';
import { loginOf } from '../../../src/core/auth/login-wait.ts';
import { newConnection } from './auth-fixtures.ts';
import { at, completed, type OpenStore, running } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function waitersSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const key = (subject: string) => ({ kind: 'delegation', subject });

  it('knows which calls wait for what, of whatever capability, each once', async () => {
    const { waiters } = store();
    const waiter = (subject: string, callId: string) => ({ ...key(subject), turnId: 'turn', callId });
    await waiters.add(waiter('dlg-1', 'call-2'));
    await waiters.add(waiter('dlg-1', 'call-1'));
    await waiters.add(waiter('dlg-1', 'call-1'));
    await waiters.add(waiter('dlg-2', 'call-1'));
    await waiters.add({ ...waiter('dlg-1', 'call-3'), kind: 'callback' });
    expect(await waiters.of(key('dlg-1'))).toEqual([waiter('dlg-1', 'call-1'), waiter('dlg-1', 'call-2')]);
    await waiters.remove('call-1');
    await waiters.remove('call-1');
    expect(await other().waiters.of(key('dlg-1'))).toEqual([waiter('dlg-1', 'call-2')]);
    expect(await waiters.of(key('dlg-2'))).toEqual([]);
    expect(await waiters.of(loginOf('dlg-1'))).toEqual([]);
  });

  it('forgets the calls of turns that have ended, and no others', async () => {
    const { id } = await newConnection(store(), 'swept');
    const keys = [key('swept'), loginOf(id)];
    for (const turnId of ['over', 'open']) {
      await running(store(), turnId);
      for (const each of keys) await store().waiters.add({ ...each, turnId, callId: `call-of-${turnId}` });
    }
    await store().turns.end(completed('over'));
    await store().sweep(at(100));
    for (const each of keys) {
      expect((await store().waiters.of(each)).map(({ turnId }) => turnId)).toEqual(['open']);
    }
  });

  it('shares the calls that wait for a login with workers of the last release', async () => {
    const { store: own, database } = await open();
    await newConnection(own, 'shared');
    const db = database();
    const login = loginOf('shared');
    const row = (callId: string) => ({ connection_id: 'shared', turn_id: 'turn', call_id: callId });
    const released = async () =>
      (await db.selectFrom('auth_waiters').selectAll().execute()).map(({ call_id }) => call_id);
    await db
      .insertInto('auth_waiters')
      .values([row('theirs'), row('both')])
      .execute();
    for (const callId of ['ours', 'both']) await own.waiters.add({ ...login, turnId: 'turn', callId });
    expect((await own.waiters.of(login)).map(({ callId }) => callId).sort()).toEqual([
      'both',
      'ours',
      'theirs',
    ]);
    expect((await released()).sort()).toEqual(['both', 'ours', 'theirs']);
    for (const callId of ['ours', 'theirs']) await own.waiters.remove(callId);
    expect(await own.waiters.of(login)).toEqual([{ ...login, turnId: 'turn', callId: 'both' }]);
    expect(await released()).toEqual(['both']);
    await own.waiters.add({ ...loginOf('nobody'), turnId: 'turn', callId: 'late' });
    expect(await own.waiters.of(loginOf('nobody'))).toHaveLength(1);
    await db.destroy();
    await own[Symbol.asyncDispose]();
  });
}

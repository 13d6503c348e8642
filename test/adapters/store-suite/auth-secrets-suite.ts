import { expect, it } from '@jest/globals';
import type { SecretRecord } from '../../../src/store/auth-store.ts';
import { newFlow } from './auth-fixtures.ts';
import { at, type OpenStore } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authSecretsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const secrets = () => store().auth.secrets;
  const secret = (id: string, flowId: string, seconds = 600): SecretRecord => ({
    id,
    flowId,
    interactionId: 'i-1',
    sealed: `sealed-${id}`,
    expiresAt: at(seconds),
  });

  it('gives secrets to their own flow only, and until they expire', async () => {
    await newFlow(store(), 'a');
    await newFlow(store(), 'b');
    await secrets().put([secret('s-1', 'a'), secret('s-2', 'a', 50), secret('s-3', 'b')]);
    await secrets().put([]);
    const ids = ['s-1', 's-2', 's-3', 'nobody'];
    expect(await secrets().get('a', ids, at(49))).toEqual([secret('s-1', 'a'), secret('s-2', 'a', 50)]);
    expect(await other().auth.secrets.get('a', ids, at(50))).toEqual([secret('s-1', 'a')]);
    expect(await secrets().get('b', ids, at(0))).toEqual([secret('s-3', 'b')]);
    expect(await secrets().get('a', [], at(0))).toEqual([]);
  });

  it('deletes those of the flow, and no others', async () => {
    await newFlow(store(), 'c');
    await newFlow(store(), 'd');
    await secrets().put([secret('c-1', 'c'), secret('c-2', 'c'), secret('d-1', 'd')]);
    await secrets().delete('c', ['c-1', 'd-1']);
    await secrets().delete('c', []);
    const all = ['c-1', 'c-2', 'd-1'];
    expect(await secrets().get('c', all, at(0))).toEqual([secret('c-2', 'c')]);
    expect(await secrets().get('d', all, at(0))).toEqual([secret('d-1', 'd')]);
    await secrets().putParked({ flowId: 'c', sealed: 'page', expiresAt: at(600) });
    await secrets().putParked({ flowId: 'd', sealed: 'page of d', expiresAt: at(600) });
    await secrets().deleteFlow('c');
    expect(await secrets().get('c', all, at(0))).toEqual([]);
    expect(await secrets().getParked('c')).toBeUndefined();
    expect(await secrets().get('d', all, at(0))).toEqual([secret('d-1', 'd')]);
    expect(await secrets().getParked('d')).toBe('page of d');
  });

  it('keeps the newest parked page of a flow', async () => {
    await newFlow(store(), 'parked');
    expect(await secrets().getParked('parked')).toBeUndefined();
    const large = 'y'.repeat(1_000_000);
    for (const sealed of ['old', large])
      await secrets().putParked({ flowId: 'parked', sealed, expiresAt: at(9) });
    expect(await secrets().getParked('parked')).toBe(large);
  });

  it('refuses secrets of a flow that is not there, all of them', async () => {
    await newFlow(store(), 'e');
    const attempt = secrets().put([secret('e-1', 'e'), secret('n-1', 'nobody')]);
    await expect(attempt).rejects.toMatchObject({ name: 'StoreError', fault: 'conflict' });
    await expect(attempt).rejects.toThrow('no flow "nobody"');
    expect(await secrets().get('e', ['e-1'], at(0))).toEqual([]);
    const parked = { flowId: 'nobody', sealed: 'page', expiresAt: at(9) };
    await expect(secrets().putParked(parked)).rejects.toMatchObject({ fault: 'conflict' });
  });
}

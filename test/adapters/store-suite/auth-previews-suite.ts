import { expect, it } from '@jest/globals';
import type { PreviewRecord } from '../../../src/store/auth-store.ts';
import { awaiting, ended, newFlow, view } from './auth-fixtures.ts';
import { at, type OpenStore } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authPreviewsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const previews = () => store().auth.previews;
  const preview = (
    flowId: string,
    interactionId: string,
    changes: Partial<PreviewRecord> = {},
  ): PreviewRecord => ({ flowId, interactionId, expiresAt: at(600), sealed: 'a picture', ...changes });
  const put = (flowId: string, next: ReturnType<typeof view>) =>
    store().auth.flows.put({ connectionId: `conn-${flowId}`, view: next, at: at(2) });

  it('keeps the newest picture of the question that a flow asks now, and none of another', async () => {
    await newFlow(store(), 'p');
    expect(await previews().put(preview('p', 'i-1'))).toBe(false);
    await put('p', awaiting('p', 2, 'i-1'));
    expect(await previews().put(preview('p', 'i-0'))).toBe(false);
    expect(await previews().get('p', at(0))).toBeUndefined();
    expect(await previews().put(preview('p', 'i-1'))).toBe(true);
    const large = preview('p', 'i-1', { sealed: 'x'.repeat(400_000) });
    expect(await previews().put(large)).toBe(true);
    expect(await other().auth.previews.get('p', at(599))).toEqual(large);
    expect(await previews().get('p', at(600))).toBeUndefined();
    expect(await previews().get('nobody', at(0))).toBeUndefined();
    expect(await previews().put(preview('nobody', 'i-1'))).toBe(false);
  });

  it('shows the picture of a question no longer than that is asked', async () => {
    await newFlow(store(), 'q');
    await put('q', awaiting('q', 2, 'i-1'));
    await previews().put(preview('q', 'i-1'));
    await put('q', view('q', { revision: 3, flow_step: 'SUBMITTING' }));
    expect(await previews().get('q', at(0))).toBeUndefined();
    await put('q', awaiting('q', 4, 'i-2'));
    expect(await previews().get('q', at(0))).toBeUndefined();
    expect(await previews().put(preview('q', 'i-2'))).toBe(true);
    expect(await previews().get('q', at(0))).toEqual(preview('q', 'i-2'));
  });

  it('deletes it when the flow ends, is deleted, or the time is over', async () => {
    for (const id of ['r', 's', 't', 'u']) {
      await newFlow(store(), id);
      await put(id, awaiting(id, 2, 'i-1'));
      await previews().put(preview(id, 'i-1', id === 'u' ? { expiresAt: at(50) } : {}));
    }
    await put('r', ended('r', 3, 'CANCELED'));
    expect(await previews().put(preview('r', 'i-1'))).toBe(false);
    await store().auth.secrets.deleteFlow('s');
    await store().auth.connections.delete('conn-t');
    await store().sweep(at(50));
    for (const id of ['r', 's', 't', 'u'])
      expect([id, await previews().get(id, at(0))]).toEqual([id, undefined]);
    // As a row of a flow that has ended would be hidden, it is put back into asking: nothing is there.
    await put('s', awaiting('s', 3, 'i-1'));
    expect(await previews().get('s', at(0))).toBeUndefined();
  });
}

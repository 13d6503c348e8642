import { expect, it } from '@jest/globals';
import { at, type OpenStore } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function installationSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('is one installation for every process, with its id in its names', async () => {
    const installation = await store().installation.get();
    expect(installation).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{16}$/), inNames: true });
    expect(await other().installation.get()).toEqual(installation);
  });

  it('differs from every other store', async () => {
    const { store: second } = await open();
    await using _closed = second;
    expect((await second.installation.get()).id).not.toBe((await store().installation.get()).id);
  });

  it('becomes another installation on request', async () => {
    const renewed = await store().installation.renew('feedc0de', at(3));
    expect(renewed).toEqual({ id: 'feedc0de', inNames: true, madeAt: at(3) });
    expect(await other().installation.get()).toEqual(renewed);
  });
}

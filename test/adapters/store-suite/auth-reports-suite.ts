import { expect, it } from '@jest/globals';
import type { KeptReading, ReportRecord } from '../../../src/store/auth-store.ts';
import { newConnection, ODD } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authReportsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const reports = () => store().auth.reports;
  const reading = (connectionId: string, seconds: number, sealed = 'sealed'): KeptReading => ({
    connectionId,
    flowId: `flow-${seconds}`,
    takenAt: at(seconds),
    expiresAt: at(seconds + 100),
    sealed,
  });
  const report = (id: string, connectionId: string, seconds: number): ReportRecord => ({
    ...reading(connectionId, seconds),
    id,
    createdAt: at(seconds),
    size: 7,
    about: JSON.stringify({ a: ODD }),
  });

  it('keeps the newest reading of a connection until it expires', async () => {
    await newConnection(store(), 'read');
    await reports().putReading(reading('read', 1));
    await reports().putReading(reading('read', 2, 'newer'));
    expect(await other().auth.reports.reading('read', at(3))).toEqual(reading('read', 2, 'newer'));
    expect(await reports().reading('read', at(102))).toBeUndefined();
    expect(await reports().reading('nobody', at(1))).toBeUndefined();
    await expect(reports().putReading(reading('nobody', 1))).rejects.toThrow(/no connection/);
  });

  it('lists reports newest first, keeps as many as are wanted, and deletes them with their connection', async () => {
    await newConnection(store(), 'told');
    await newConnection(store(), 'else');
    await reports().add(report('else', 'else', 9), 3);
    for (const n of range(5)) await reports().add(report(`rep-${n}`, 'told', n), 3);
    const { items, hasMore } = await other().auth.reports.list('told', { limit: 2, offset: 0 });
    expect([items.map(({ id }) => id), hasMore]).toEqual([['rep-4', 'rep-3'], true]);
    const { sealed: _sealed, ...listed } = report('rep-4', 'told', 4);
    expect(items[0]).toEqual(listed);
    expect(await reports().get('told', 'rep-4')).toEqual(report('rep-4', 'told', 4));
    expect(await reports().get('else', 'rep-4')).toBeUndefined();
    expect(await reports().get('told', 'rep-1')).toBeUndefined();
    expect(await reports().delete('else', 'rep-4')).toBe(false);
    expect(await reports().delete('told', 'rep-4')).toBe(true);
    await reports().putReading(reading('told', 1));
    await store().auth.connections.delete('told');
    expect(await reports().get('told', 'rep-3')).toBeUndefined();
    expect(await reports().reading('told', at(2))).toBeUndefined();
    expect(await reports().get('else', 'else')).toBeDefined();
  });

  it('deletes readings and reports that have expired', async () => {
    await newConnection(store(), 'old');
    await reports().putReading(reading('old', 0));
    await reports().add(report('old', 'old', 0), 3);
    await reports().add(report('new', 'old', 1), 3);
    await store().sweep(at(100));
    expect(await reports().reading('old', at(0))).toBeUndefined();
    expect((await reports().list('old', { limit: 9, offset: 0 })).items.map(({ id }) => id)).toEqual(['new']);
  });
}

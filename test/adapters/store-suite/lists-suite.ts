import { beforeAll, expect, it } from '@jest/globals';
import type { ListTurnsQuery } from '../../../src/contract/index.ts';
import { CursorError } from '../../../src/store/store.ts';
import {
  admitted,
  allPages,
  approvalRequested,
  at,
  completed,
  events,
  failed,
  type OpenStore,
  range,
  running,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function listsSuite(open: OpenStore): void {
  const { store } = useStore(open);

  beforeAll(async () => {
    for (const n of range(6)) await admitted(store(), `same-${n}`, { sessionId: 'one', createdAt: at(1) });
    for (const n of range(4)) {
      await running(store(), `run-${n}`, { agent: n % 2 ? 'odd' : 'even', createdAt: at(10 + n) });
    }
    await store().events.append('run-1', events('run-1', [toolRequested('l'), approvalRequested('l')]));
    await store().turns.end(completed('run-2'));
    await store().turns.end(failed('run-3'));
  });
  const turns = async (query: Partial<ListTurnsQuery>, limit = 2) =>
    (await allPages(limit, (page) => store().turns.list({ ...query, ...page }))).items.map(({ id }) => id);

  it('lists turns newest first, those of one instant by their place', async () => {
    const newest = ['run-3', 'run-2', 'run-1', 'run-0'];
    const ofOneInstant = [5, 4, 3, 2, 1, 0].map((n) => `same-${n}`);
    for (const limit of [1, 3, 10, 200]) expect(await turns({}, limit)).toEqual([...newest, ...ofOneInstant]);
  });

  it('filters turns by session, agent and status', async () => {
    expect(await turns({ sessionId: 'one' })).toHaveLength(6);
    expect(await turns({ agent: 'odd' })).toEqual(['run-3', 'run-1']);
    expect(await turns({ status: 'queued' })).toHaveLength(6);
    expect(await turns({ status: 'running' })).toEqual(['run-0']);
    expect(await turns({ status: 'waiting' })).toEqual(['run-1']);
    expect(await turns({ status: 'completed' })).toEqual(['run-2']);
    expect(await turns({ status: 'failed', agent: 'odd' })).toEqual(['run-3']);
    expect(await turns({ status: 'failed', agent: 'even' })).toEqual([]);
    expect(await turns({ sessionId: 'nobody' })).toEqual([]);
  });

  it('lists sessions by their last change', async () => {
    const { items } = await allPages(2, (page) => store().sessions.list(page));
    expect(items.map(({ id }) => id)).toEqual([
      'session-of-run-3',
      'session-of-run-2',
      'session-of-run-1',
      'session-of-run-0',
      'one',
    ]);
    expect(items.at(-1)).toMatchObject({ turnCount: 6, agent: 'scribe' });
    expect(await store().sessions.get('nobody')).toBeUndefined();
    expect(await store().sessions.turns('nobody')).toEqual([]);
  });

  it('shows turns made while somebody pages only to those who begin anew', async () => {
    const first = await store().turns.list({ limit: 4 });
    await admitted(store(), 'meanwhile', { createdAt: at(100) });
    const second = await store().turns.list({ limit: 200, cursor: first.nextCursor! });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(10);
    expect((await turns({}))[0]).toBe('meanwhile');
  });

  it('refuses a cursor that it did not give out for the list', async () => {
    const { nextCursor = '' } = await store().turns.list({ limit: 1 });
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad = [
      'x',
      '!!!',
      '\u0000',
      encode('turns'),
      encode({}),
      encode(['turns']),
      encode(['turns', 1, 1, 1]),
      encode(['turns', 'a', 1.5, 'b']),
      encode(['turns', 'a\u0000', 1, 'b']),
      encode(['turns', 'a', 2 ** 31, 'b']),
      encode(['found notes', -1]),
      encode(['found notes', 2 ** 31]),
      nextCursor.slice(0, -4),
    ];
    const query = { limit: 1 };
    for (const cursor of bad) {
      await expect(store().turns.list({ ...query, cursor })).rejects.toThrow(CursorError);
      await expect(store().notes.list({ ...query, cursor, q: 'word' })).rejects.toThrow(CursorError);
    }
    const cursor = nextCursor;
    await expect(store().sessions.list({ ...query, cursor })).rejects.toThrow(CursorError);
    await expect(store().approvals.list({ ...query, cursor, status: 'pending' })).rejects.toThrow(
      CursorError,
    );
    await expect(store().grants.list('s', { ...query, cursor })).rejects.toThrow(CursorError);
    await expect(store().notes.list({ ...query, cursor })).rejects.toThrow(CursorError);
    await expect(store().agents.list({ ...query, cursor })).rejects.toThrow(CursorError);
    await expect(store().tokens.list({ ...query, cursor })).rejects.toThrow(CursorError);
  });
}

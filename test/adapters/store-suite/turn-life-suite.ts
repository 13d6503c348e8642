import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../../../src/store/store-error.ts';
import {
  admitted,
  approvalRequested,
  at,
  completed,
  DIGEST,
  DIGESTS,
  event,
  events,
  failed,
  type OpenStore,
  range,
  running,
  stepStarted,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function turnLifeSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('begins a turn once with its pinned digests', async () => {
    await admitted(store(), 'begin');
    const begun = await store().turns.begin('begin', DIGESTS, at(2));
    expect(begun).toMatchObject({ state: 'running', digests: DIGESTS, startedAt: at(2), startingAt: at(0) });
    const again = await store().turns.begin('begin', { definition: DIGEST, catalogue: DIGEST }, at(9));
    expect(again).toEqual(begun);
    expect(await store().turns.get('begin')).toEqual(begun);
  });

  it('refuses to begin a queued or an unknown turn, and leaves an ended one as it is', async () => {
    await admitted(store(), 'n1', { sessionId: 'no-begin' });
    await admitted(store(), 'n2', { sessionId: 'no-begin' });
    await expect(store().turns.begin('n2', DIGESTS, at(1))).rejects.toThrow(StoreError);
    await expect(store().turns.begin('nobody', DIGESTS, at(1))).rejects.toThrow('no turn "nobody"');
    const { turn } = await store().turns.end(completed('n1'));
    expect(await store().turns.begin('n1', DIGESTS, at(20))).toEqual(turn);
  });

  it('ends a turn with its last events and starts the next one of the session', async () => {
    const sessionId = 'ending';
    await running(store(), 'e1', { sessionId });
    await admitted(store(), 'e2', { sessionId });
    await admitted(store(), 'e3', { sessionId });
    const result = await store().turns.end(completed('e1'));
    expect(result.ended).toBe(true);
    expect(result.turn).toMatchObject({
      state: 'completed',
      output: 'Output of e1',
      usage: { inputTokens: 3, outputTokens: 2 },
      endedAt: at(10),
      pending: [],
    });
    expect(result.next).toMatchObject({ id: 'e2', state: 'starting', startingAt: at(10) });
    expect(await store().turns.get('e1')).toEqual(result.turn);
    expect(await store().turns.get('e2')).toEqual(result.next);
    expect((await store().turns.get('e3'))?.state).toBe('queued');
    expect((await store().events.list('e1')).map(({ type }) => type)).toEqual(['turn.completed']);
  });

  it('keeps that the tokens of a turn are estimated', async () => {
    await running(store(), 'est1', { sessionId: 'estimated' });
    const usage = { inputTokens: 3, outputTokens: 2, estimated: true as const };
    await store().turns.end({ ...completed('est1'), usage });
    expect((await store().turns.get('est1'))?.usage).toEqual(usage);
  });

  it('ends once: a repeat and a later reconciler change nothing', async () => {
    const sessionId = 'twice';
    await running(store(), 'w1', { sessionId });
    await admitted(store(), 'w2', { sessionId });
    const first = await store().turns.end(completed('w1'));
    const repeat = await store().turns.end(completed('w1'));
    expect(repeat).toEqual({ ...first, ended: false });
    const reconciled = await store().turns.end(failed('w1', 2));
    expect(reconciled).toMatchObject({ ended: false, turn: { state: 'completed' }, next: { id: 'w2' } });
    expect(await store().events.list('w1')).toHaveLength(1);
    await store().turns.begin('w2', DIGESTS, at(12));
    expect(await store().turns.end(completed('w1'))).not.toHaveProperty('next');
  });

  it('records a failure with its error', async () => {
    await running(store(), 'fail');
    const { turn, next } = await store().turns.end(failed('fail'));
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'model_failed' } });
    expect(turn).not.toHaveProperty('output');
    expect(next).toBeUndefined();
  });

  it('ends by hand a turn that never began, and a queued one without overtaking', async () => {
    const sessionId = 'by-hand';
    await admitted(store(), 'h1', { sessionId });
    await admitted(store(), 'h2', { sessionId });
    await admitted(store(), 'h3', { sessionId });
    expect(await store().turns.end(failed('h2'))).toMatchObject({ ended: true, next: { id: 'h1' } });
    expect(await store().turns.end(failed('h1'))).toMatchObject({ ended: true, next: { id: 'h3' } });
  });

  it('expires open approvals at the end', async () => {
    await running(store(), 'open');
    const facts = [stepStarted, toolRequested('open-1'), approvalRequested('open-1')];
    await store().events.append('open', events('open', facts));
    const { turn } = await store().turns.end(failed('open', 4));
    expect(turn.pending).toEqual([]);
    expect(await store().approvals.get('open-1')).toMatchObject({
      status: 'expired',
      action: 'expired',
      via: 'turn_ended',
      decidedAt: at(10),
    });
  });

  it('refuses an end whose terminal event is missing, has a gap or is numbered too low', async () => {
    await running(store(), 'bad-end');
    await store().events.append('bad-end', events('bad-end', [stepStarted]));
    for (const end of [
      completed('bad-end', 1),
      completed('bad-end', 3),
      completed('bad-end', 2, { events: [] }),
    ]) {
      await expect(store().turns.end(end)).rejects.toThrow(StoreError);
    }
    expect((await store().turns.get('bad-end'))?.state).toBe('running');
    expect(await store().events.list('bad-end')).toHaveLength(1);
    expect((await store().turns.end(completed('bad-end', 2))).ended).toBe(true);
    await expect(store().turns.end(completed('nobody'))).rejects.toThrow('no turn "nobody"');
  });

  it('cancels a queued turn with its one event, and no other', async () => {
    const sessionId = 'cancelling';
    const cancelled = (id: string) => event(id, 1, { type: 'turn.cancelled', reason: 'not needed' });
    await running(store(), 'c1', { sessionId });
    await admitted(store(), 'c2', { sessionId });
    const turn = await store().turns.cancelQueued('c2', cancelled('c2'), at(4));
    expect(turn).toMatchObject({ state: 'cancelled', endedAt: at(4) });
    expect(await store().events.list('c2')).toEqual([cancelled('c2')]);
    expect(await store().turns.cancelQueued('c2', cancelled('c2'), at(5))).toBeUndefined();
    expect(await store().turns.cancelQueued('c1', cancelled('c1'), at(5))).toBeUndefined();
    expect(await store().turns.cancelQueued('nobody', cancelled('nobody'), at(5))).toBeUndefined();
    expect(await store().turns.end(completed('c1'))).not.toHaveProperty('next');
  });

  it('ends a turn once when many try at the same time', async () => {
    const sessionId = 'end-race';
    await running(store(), 'r1', { sessionId });
    await admitted(store(), 'r2', { sessionId });
    const ends = await Promise.all(
      range(10).map((n) => (n % 2 ? store() : other()).turns.end(completed('r1'))),
    );
    expect(ends.filter(({ ended }) => ended)).toHaveLength(1);
    expect(ends.map(({ next }) => next?.id)).toEqual(range(10).map(() => 'r2'));
  });

  it('keeps order and never two at once while sessions are driven from two sides', async () => {
    const ended: Record<string, number[]> = {};
    const drive = async (session: string) => {
      const sessionId = `driven-${session}`;
      const turns = await Promise.all(
        range(8).map((n) => admitted(n % 2 ? store() : other(), `${sessionId}-${n}`, { sessionId })),
      );
      let current = turns.find((turn) => turn.state === 'starting');
      for (let n = 0; current; n += 1) {
        const side = n % 2 ? store() : other();
        await side.turns.begin(current.id, DIGESTS, at(n));
        ended[session] = [...(ended[session] ?? []), current.ordinal];
        current = (await side.turns.end(completed(current.id))).next;
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(drive));
    const inOrder = range(8).map((n) => n + 1);
    expect(ended).toEqual({ a: inOrder, b: inOrder, c: inOrder, d: inOrder });
  });

  describe('in a database of its own', () => {
    const own = useStore(open);

    it('finds turns that have been starting for too long, and counts by state', async () => {
      expect(await own.store().turns.counts()).toEqual({ turns: {}, pendingApprovals: 0 });
      await admitted(own.store(), 'late', { createdAt: at(1) });
      await admitted(own.store(), 'later', { createdAt: at(2), sessionId: 'q' });
      await admitted(own.store(), 'queued', { createdAt: at(0), sessionId: 'q' });
      await running(own.store(), 'runs');
      await running(own.store(), 'waits');
      const asks = [toolRequested('c'), approvalRequested('c')];
      await own.store().events.append('waits', events('waits', asks));
      await running(own.store(), 'done');
      await own.store().turns.end(completed('done'));
      expect((await own.store().turns.overdue(at(2), 10)).map(({ id }) => id)).toEqual(['late']);
      expect((await own.store().turns.overdue(at(3), 10)).map(({ id }) => id)).toEqual(['late', 'later']);
      expect((await own.store().turns.overdue(at(3), 1)).map(({ id }) => id)).toEqual(['late']);
      expect(await own.store().turns.counts()).toEqual({
        turns: { queued: 1, starting: 2, running: 1, waiting: 1, completed: 1 },
        pendingApprovals: 1,
      });
    });

    it('counts every end once, from whatever process and also once it is deleted', async () => {
      const before = (await own.store().turns.counts()).turns;
      const ids = range(12).map((n) => `ends-${n}`);
      for (const id of ids) await running(own.store(), id);
      const sides = [own.store(), own.other()];
      const ends = ids.flatMap((id, n) =>
        sides.map((side) => side.turns.end(n % 3 === 0 ? failed(id) : completed(id))),
      );
      await Promise.all(ends);
      await own.store().deletion.markTurn('ends-0', {}, at(20));
      await own.store().deletion.empty('ends-0', 1_000, at(21));
      expect((await own.other().turns.counts()).turns).toEqual({
        ...before,
        completed: (before.completed ?? 0) + 8,
        failed: (before.failed ?? 0) + 4,
      });
    });
  });
}

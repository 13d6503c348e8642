import { expect, it } from '@jest/globals';
import { EventsBehind, EventsDiverge } from '../../../src/store/store-error.ts';
import {
  admitted,
  approvalRequested,
  at,
  completed,
  DIGEST,
  events,
  type OpenStore,
  OTHER_DIGEST,
  range,
  running,
  stepStarted,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function reconcilingSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('begins each round once, however many processes want to', async () => {
    expect(await store().leases.number('rounds')).toBe(0);
    const taken = await Promise.all(
      range(30).map((n) => (n % 2 ? store() : other()).leases.take('rounds', 0)),
    );
    expect(taken.filter((each) => each)).toHaveLength(1);
    expect(await other().leases.number('rounds')).toBe(1);
    expect(await store().leases.take('rounds', 0)).toBe(false);
    expect(await store().leases.take('rounds', 1)).toBe(true);
    expect(await store().leases.number('others')).toBe(0);
  });

  it('tells where events do not follow: a gap, or another event of the number', async () => {
    await running(store(), 'diverges');
    const [first, second, third] = events('diverges', [stepStarted, stepStarted, stepStarted]);
    await store().events.append('diverges', [first!, second!]);
    const another = { ...second!, at: at(99) };
    const refused = await store()
      .events.append('diverges', [first!, another, third!])
      .catch((error) => error);
    expect(refused).toBeInstanceOf(EventsDiverge);
    expect(refused.found).toEqual(second);
    expect(await store().events.list('diverges')).toEqual([first, second]);
    const gap = { ...third!, seq: 4 };
    await expect(store().events.append('diverges', [gap])).rejects.toBeInstanceOf(EventsBehind);
    await expect(store().turns.end(completed('diverges', 2))).rejects.toBeInstanceOf(EventsDiverge);
  });

  it('takes superseded events out of the story, with what they asked for, and keeps them', async () => {
    const { events: of, approvals, turns } = store();
    await running(store(), 'set-back');
    const resolved = {
      type: 'approval.resolved' as const,
      callId: 'sb-1',
      action: 'allow' as const,
      via: 'update',
      inputDigest: DIGEST,
    };
    const all = events('set-back', [
      toolRequested('sb-1'),
      approvalRequested('sb-1'),
      resolved,
      toolRequested('sb-2'),
      approvalRequested('sb-2'),
    ]);
    await of.append('set-back', all);
    expect((await turns.get('set-back'))?.pending).toMatchObject([{ callId: 'sb-2' }]);
    expect(await of.supersede('set-back', all[2]!, at(50))).toBe(3);
    expect(await of.list('set-back')).toEqual(all.slice(0, 2));
    expect(await of.superseded('set-back')).toEqual(all.slice(2));
    expect(await turns.get('set-back')).toMatchObject({ resets: 1, pending: [{ callId: 'sb-1' }] });
    expect(await approvals.ofTurn('set-back')).toMatchObject([{ callId: 'sb-1', status: 'pending' }]);
    const [again] = await approvals.ofTurn('set-back');
    expect([again?.action, again?.decidedAt]).toEqual([undefined, undefined]);
    expect(await of.supersede('set-back', all[2]!, at(51))).toBe(0);
    await of.append('set-back', all.slice(2));
    expect(await approvals.ofTurn('set-back')).toMatchObject([{ status: 'allowed' }, { status: 'pending' }]);
    expect(await of.supersede('set-back', all[0]!, at(52))).toBe(5);
    expect(await approvals.ofTurn('set-back')).toEqual([]);
    // Who compared before that set nothing back again.
    await of.append('set-back', [{ ...all[0]!, at: at(99) }]);
    expect(await of.supersede('set-back', all[0]!, at(53))).toBe(0);
    expect(await turns.get('set-back')).toMatchObject({ resets: 2 });
    await turns.end(completed('set-back', 2));
    expect(await of.supersede('set-back', all[0]!, at(53))).toBe(0);
  });

  it('lets another result be that of a call whose result is superseded', async () => {
    const { id: turnId } = await running(store(), 'other-result');
    const { ledger, events: of } = store();
    const stage = (callId: string, digest: string, content: string, isError = false) =>
      ledger.stage({ callId, digest, turnId, content, isError, at: at(1) });
    const done = (callId: string, resultDigest: string) =>
      ({ type: 'tool_call.completed', callId, output: 'cut', resultDigest }) as const;
    const error = { code: 'client_error', message: 'cut' };
    await stage('or-1', DIGEST, 'the first answer');
    await stage('or-2', DIGEST, 'the first error', true);
    const told = events(turnId, [
      toolRequested('or-1'),
      toolRequested('or-2'),
      done('or-1', DIGEST),
      { type: 'tool_call.failed', callId: 'or-2', error, resultDigest: DIGEST },
    ]);
    await of.append(turnId, told);
    await of.supersede(turnId, told[2]!, at(2));
    expect(await ledger.get('or-1')).toBeUndefined();
    expect(await ledger.staged('or-2', DIGEST)).toEqual({ content: 'the first error', isError: true });
    await stage('or-1', OTHER_DIGEST, 'the second answer');
    const [, , answered] = events(turnId, [stepStarted, stepStarted, done('or-1', OTHER_DIGEST)]);
    await of.append(turnId, [answered!]);
    expect(await ledger.get('or-1')).toMatchObject({ state: 'completed', content: 'the second answer' });
    // The same again is the same again.
    await of.append(turnId, [{ ...told[3]!, seq: 4 }]);
    expect(await ledger.get('or-2')).toMatchObject({
      state: 'failed',
      error: { message: 'the first error' },
    });
  });

  it('knows which of some turns have ended', async () => {
    await running(store(), 'over');
    await running(store(), 'goes-on');
    await store().turns.end(completed('over'));
    expect(await store().turns.ended(['over', 'goes-on', 'nobody'])).toEqual(['over']);
    expect(await store().turns.ended([])).toEqual([]);
  });

  it('does not offer a start again that was accepted, unless that is taken back', async () => {
    await admitted(store(), 'accepted', { createdAt: at(1) });
    const overdue = async () => (await store().turns.overdue(at(9), 100)).some(({ id }) => id === 'accepted');
    expect(await overdue()).toBe(true);
    await store().turns.noteStart('accepted', true);
    expect(await overdue()).toBe(false);
    await store().turns.noteStart('accepted', false);
    expect(await overdue()).toBe(true);
  });
}

/** On a store of its own: every open turn is taken. */
export function checksSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('takes open turns for a check, new ones and the longest unchecked, each once a round', async () => {
    for (const n of range(6)) await running(store(), `old-${n}`, { createdAt: at(n) });
    const take = async (round: number, limit: number) => {
      const { turns, roundsBehind } = await (round % 2 ? store() : other()).turns.takeForCheck(
        round,
        at(100),
        limit,
      );
      return { ids: turns.map(({ id }) => id), roundsBehind };
    };
    expect(await take(1, 4)).toEqual({ ids: ['old-0', 'old-1'], roundsBehind: 0 });
    expect(await take(2, 4)).toEqual({ ids: ['old-2', 'old-3', 'old-0', 'old-1'], roundsBehind: 1 });
    await admitted(store(), 'starts', { createdAt: at(50) });
    await admitted(store(), 'too-young', { createdAt: at(100) });
    await admitted(store(), 'queued', {
      createdAt: at(60),
      sessionId: (await store().turns.get('starts'))!.sessionId,
    });
    await store().turns.end(completed('old-0'));
    // New turns never keep the old ones from their check.
    expect((await take(3, 4)).ids).toEqual(['old-4', 'old-5', 'old-1', 'old-2']);
    expect(await take(7, 4)).toEqual({ ids: ['starts', 'old-3', 'old-1', 'old-2'], roundsBehind: 5 });
    expect((await take(8, 4)).ids).toEqual(['old-4', 'old-5', 'old-1', 'old-2']);
  });

  it('lists the turns that are open, page by page', async () => {
    for (const n of range(5)) await running(store(), `begun-${n}`, { createdAt: at(n) });
    await admitted(store(), 'begun-starts', { createdAt: at(6) });
    await admitted(store(), 'begun-too-young', { createdAt: at(100) });
    await store().turns.end(completed('begun-2'));
    const page = (after: string, limit: number) => other().turns.begun(at(100), after, limit);
    expect(await page('begun-', 3)).toEqual(['begun-0', 'begun-1', 'begun-3']);
    expect(await page('begun-3', 2)).toEqual(['begun-4', 'begun-starts']);
    expect(await page('begun-starts', 1)).not.toContain('begun-too-young');
    expect(await page('zzz', 100)).toEqual([]);
  });
}

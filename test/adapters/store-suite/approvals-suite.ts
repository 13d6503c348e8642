import { expect, it } from '@jest/globals';
import type { Approval, ResolvedAction, TurnFact } from '../../../src/contract/index.ts';
import {
  allPages,
  approvalRequested,
  at,
  completed,
  DIGEST,
  event,
  events,
  type OpenStore,
  OTHER_DIGEST,
  range,
  running,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function approvalsSuite(open: OpenStore): void {
  const { store } = useStore(open);

  const asked = (callId: string): TurnFact[] => [toolRequested(callId), approvalRequested(callId)];
  const resolved = (callId: string, action: ResolvedAction, more: object = {}): TurnFact =>
    ({ type: 'approval.resolved', callId, action, via: 'update', inputDigest: DIGEST, ...more }) as TurnFact;

  it('records a request with the agent and session of its turn', async () => {
    await running(store(), 'ask', { sessionId: 'asking', agent: 'clerk' });
    await store().events.append(
      'ask',
      events('ask', [toolRequested('ask-1'), { ...approvalRequested('ask-1'), reason: 'why' } as TurnFact]),
    );
    expect(await store().approvals.get('ask-1')).toEqual({
      callId: 'ask-1',
      turnId: 'ask',
      sessionId: 'asking',
      agent: 'clerk',
      tool: 'write_file',
      input: { path: 'a' },
      inputDigest: DIGEST,
      status: 'pending',
      allowedActions: ['allow', 'deny'],
      requestedAt: at(2),
      expiresAt: at(3_600),
    });
    expect(await store().approvals.get('nobody')).toBeUndefined();
  });

  const statuses: [ResolvedAction, Approval['status']][] = [
    ['allow', 'allowed'],
    ['always', 'allowed'],
    ['granted', 'allowed'],
    ['policy', 'allowed'],
    ['deny', 'denied'],
    ['respond', 'answered'],
    ['expired', 'expired'],
  ];
  it.each(statuses)('records the action %s as %s', async (action, status) => {
    const id = `act-${action}`;
    await running(store(), id);
    await store().events.append(id, events(id, [...asked(id), resolved(id, action)]));
    expect(await store().approvals.get(id)).toMatchObject({
      status,
      action,
      via: 'update',
      decidedAt: at(3),
    });
  });

  it('records who decided, the message, the edited input, the grant and the decision', async () => {
    await running(store(), 'who');
    await store().events.append('who', events('who', asked('who-1')));
    const by = { tokenId: 'tok', name: 'Zoë \ud800' };
    const details = {
      by,
      message: 'fine \u0000',
      input: { path: 'b' },
      inputDigest: OTHER_DIGEST,
      grantId: 'g',
      decisionId: 'd',
    };
    await store().events.append('who', [event('who', 3, resolved('who-1', 'always', details))]);
    expect(await store().approvals.get('who-1')).toMatchObject({
      by,
      message: 'fine \u0000',
      editedInput: { path: 'b' },
      input: { path: 'a' },
      inputDigest: DIGEST,
      grantId: 'g',
      decisionId: 'd',
    });
  });

  it('changes nothing for an automatic resolution without a request, or a second one', async () => {
    await running(store(), 'auto');
    const facts = [toolRequested('auto-1'), resolved('auto-1', 'granted', { grantId: 'g' })];
    await store().events.append('auto', events('auto', facts));
    expect(await store().approvals.get('auto-1')).toBeUndefined();
    await store().events.append('auto', events('auto', [...asked('auto-2'), resolved('auto-2', 'deny')], 3));
    await store().events.append('auto', [event('auto', 6, resolved('auto-2', 'allow'))]);
    expect(await store().approvals.get('auto-2')).toMatchObject({ status: 'denied', decidedAt: at(5) });
  });

  it('keeps the decision that came with the end, and expires the others', async () => {
    await running(store(), 'both');
    const facts = [...asked('both-1'), ...asked('both-2')];
    await store().events.append('both', events('both', facts));
    const end = completed('both', 6);
    await store().turns.end({
      ...end,
      events: [event('both', 5, resolved('both-1', 'deny')), ...end.events],
    });
    expect((await store().approvals.ofTurn('both')).map(({ callId, status }) => [callId, status])).toEqual([
      ['both-1', 'denied'],
      ['both-2', 'expired'],
    ]);
  });

  it('lists by status, agent, session and tool, oldest request first', async () => {
    for (const n of range(7)) {
      const id = `inbox-${n}`;
      await running(store(), id, { agent: n % 2 ? 'odd' : 'even', sessionId: `inbox-s-${n}` });
      await store().events.append(id, [
        event(id, 1, toolRequested(id)),
        event(id, 2, approvalRequested(id), 100 - n),
      ]);
    }
    const list = (query: object) =>
      allPages(3, (page) => store().approvals.list({ status: 'pending', ...query, ...page }));
    const ids = async (query: object) => (await list(query)).items.map(({ callId }) => callId);
    expect(await ids({ agent: 'even' })).toEqual(['inbox-6', 'inbox-4', 'inbox-2', 'inbox-0']);
    expect(await ids({ sessionId: 'inbox-s-3' })).toEqual(['inbox-3']);
    expect(await ids({ agent: 'odd', tool: 'write_file' })).toEqual(['inbox-5', 'inbox-3', 'inbox-1']);
    expect(await ids({ tool: 'no such\u0000tool' })).toEqual([]);
    expect(await ids({ status: 'denied', agent: 'odd' })).toEqual([]);
    const everything = await list({});
    expect(everything.items.map(({ requestedAt }) => requestedAt)).toEqual(
      everything.items.map(({ requestedAt }) => requestedAt).sort(),
    );
    expect(new Set(everything.items.map(({ callId }) => callId)).size).toBe(everything.items.length);
  });
}

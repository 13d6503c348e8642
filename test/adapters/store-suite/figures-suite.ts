import { expect, it } from '@jest/globals';
import { notesOf } from '../../support/notes-of.ts';
import {
  admitted,
  approvalRequested,
  at,
  completed,
  events,
  MODEL_WAIT,
  type OpenStore,
  running,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function figuresSuite(open: OpenStore): void {
  const { store } = useStore(open);

  it('says nothing of what is not there', async () => {
    expect(await store().figures()).toEqual({
      unknownOutcomes: 0,
      unfinishedDeletions: 0,
      undeliveredNotes: 0,
      modelWaits: [],
    });
  });

  it('tells the oldest turn that starts or is queued, the oldest approval, and unknown outcomes', async () => {
    await admitted(store(), 'f-later', { createdAt: at(9) });
    await running(store(), 'f-runs', { createdAt: at(2) });
    await admitted(store(), 'f-starts', { createdAt: at(4) });
    await admitted(store(), 'f-queued', { createdAt: at(6), sessionId: 'session-of-f-runs' });
    await admitted(store(), 'f-queued-later', { createdAt: at(8), sessionId: 'session-of-f-runs' });
    await store().events.append(
      'f-runs',
      events('f-runs', [toolRequested('f-call'), approvalRequested('f-call')]),
    );
    const call = { callId: 'f-lost', turnId: 'f-runs', tool: 'pay', at: at(3), again: false };
    await store().ledger.begin(call);
    await store().ledger.giveUp('f-lost', at(4));

    expect(await store().figures()).toEqual({
      oldestStartingAt: at(4),
      oldestQueuedAt: at(6),
      oldestApprovalAt: at(2),
      unknownOutcomes: 1,
      unfinishedDeletions: 0,
      undeliveredNotes: 1,
      oldestUndeliveredNoteAt: at(1),
      modelWaits: [],
    });
  });

  it('counts the running turns that wait for a model, by the model', async () => {
    for (const id of ['f-one', 'f-two', 'f-three', 'f-goes-on', 'f-ends']) await running(store(), id);
    const wait = (id: string, model: string) => store().turns.waitForModel(id, { ...MODEL_WAIT, model });
    for (const id of ['f-one', 'f-three', 'f-goes-on', 'f-ends']) await wait(id, 'openai/gpt-5');
    await wait('f-two', 'anthropic/claude');
    await store().turns.waitForModel('f-goes-on', undefined);
    await store().turns.end(completed('f-ends'));

    expect((await store().figures()).modelWaits).toEqual([
      { model: 'anthropic/claude', turns: 1 },
      { model: 'openai/gpt-5', turns: 2 },
    ]);
  });

  it('counts deleted turns of which something is left', async () => {
    await running(store(), 'f-deleted');
    await store().turns.end(completed('f-deleted'));
    await store().deletion.markTurn('f-deleted', {}, at(20));
    const marked = await store().figures();
    await store().deletion.empty('f-deleted', 100, at(21));
    const emptied = await store().figures();
    await notesOf(store()).noteDelivery.flush();
    await store().deletion.erased('f-deleted', at(22));

    expect(marked).toMatchObject({ unfinishedDeletions: 1, oldestDeletionAt: at(20) });
    expect(emptied).toMatchObject({ unfinishedDeletions: 1, oldestDeletionAt: at(20) });
    expect((await store().figures()).unfinishedDeletions).toBe(0);
  });
}

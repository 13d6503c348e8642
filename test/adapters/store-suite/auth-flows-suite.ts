import { expect, it } from '@jest/globals';
import type { FlowView, StepFacts } from '../../../src/contract/index.ts';
import { awaiting, ended, newConnection, newFlow, ODD, view } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authFlowsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const flows = () => store().auth.flows;
  const timeline = async (connectionId: string, query: object = {}) =>
    (await store().auth.timeline.list(connectionId, { limit: 50, offset: 0, ...query })).items;

  it('knows whether any flow is in progress', async () => {
    expect(await flows().areInProgress()).toBe(false);
    const { connectionId } = await newFlow(store(), 'only');
    expect(await flows().areInProgress()).toBe(true);
    await flows().put({ connectionId, view: ended('only', 2, 'CANCELED'), at: at(1) });
    expect(await flows().areInProgress()).toBe(false);
  });

  it('writes a new flow, the newest one of its connection, with any text', async () => {
    await newConnection(store(), 'new');
    const first = awaiting('flow-new', 3, 'i-1', {
      website_error: ODD,
      hosted_url: 'https://here/auth/hosted/new?code=secret',
      fields: [{ id: 'f', ref: 'username', type: 'identifier', reason: 'missing', label: ODD }],
    });
    const put = { connectionId: 'new', view: first, at: at(1), startedBy: 'tok-1' };
    const written = await flows().put(put);
    const flow = {
      id: 'flow-new',
      connectionId: 'new',
      type: 'LOGIN',
      view: first,
      viewAt: at(1),
      createdAt: at(1),
      startedBy: 'tok-1',
    };
    expect(written).toEqual({ written: true, flow, deliveries: [] });
    expect(await flows().get('flow-new')).toEqual(flow);
    expect(await store().auth.connections.get('new')).toMatchObject({ flowId: 'flow-new' });
    expect(await flows().get('nobody')).toBeUndefined();
  });

  it('takes greater revisions only, and nothing once the flow has ended', async () => {
    await newConnection(store(), 'order');
    const put = (next: FlowView, seconds: number) =>
      flows().put({ connectionId: 'order', view: next, at: at(seconds) });
    await put(view('flow-order'), 1);
    expect(await put(awaiting('flow-order', 4, 'i-1'), 2)).toMatchObject({ written: true });
    for (const revision of [3, 4]) {
      expect(await put(ended('flow-order', revision), 3)).toMatchObject({
        written: false,
        flow: { view: { revision: 4, flow_step: 'AWAITING_INPUT' }, viewAt: at(2), createdAt: at(1) },
      });
    }
    expect(await put(ended('flow-order', 5, 'CANCELED'), 6)).toMatchObject({
      written: true,
      flow: { endedAt: at(6) },
    });
    expect(await put(awaiting('flow-order', 6, 'i-2'), 7)).toMatchObject({
      written: false,
      flow: { view: { revision: 5, flow_status: 'CANCELED' }, endedAt: at(6) },
    });
    const stored = await flows().get('flow-order');
    expect(stored?.startedBy).toBeUndefined();
    expect(stored?.viewAt).toBe(at(6));
  });

  it('writes nothing for a connection that is not there, nor a flow of another one', async () => {
    const put = { connectionId: 'nobody', view: view('flow-nobody'), at: at(1) };
    expect(await flows().put(put)).toBeUndefined();
    expect(await flows().get('flow-nobody')).toBeUndefined();
    await newFlow(store(), 'mine');
    await newConnection(store(), 'thief');
    const stolen = { connectionId: 'thief', view: view('mine', { revision: 2 }), at: at(2) };
    await expect(flows().put(stolen)).rejects.toMatchObject({ name: 'StoreError', fault: 'conflict' });
    expect(await flows().get('mine')).toMatchObject({ connectionId: 'conn-mine', view: { revision: 1 } });
  });

  it('never goes back when many put at once', async () => {
    await newConnection(store(), 'race');
    const revisions = range(40).map((n) => ((n * 7) % 40) + 1);
    const answers = await Promise.all(
      revisions.map((revision, n) =>
        (n % 2 ? store() : other()).auth.flows.put({
          connectionId: 'race',
          view: revision === 40 ? ended('flow-race', 40) : view('flow-race', { revision }),
          at: at(revision),
        }),
      ),
    );
    const stored = await flows().get('flow-race');
    expect(stored).toMatchObject({ view: { revision: 40 }, viewAt: at(40), endedAt: at(40) });
    const written = answers.map((answer) => answer?.written);
    expect(written[revisions.indexOf(40)]).toBe(true);
    expect((await timeline('race')).map(({ id, status }) => [id, status])).toEqual([
      ['flow-race', 'SUCCESS'],
    ]);
  });

  it('keeps the steps of a flow, the newest of each place, also when its view is an old one', async () => {
    await newConnection(store(), 'steps');
    const step = (n: number, more: Partial<StepFacts> = {}): StepFacts => ({
      n,
      at: at(n),
      read_ms: n,
      ...more,
    });
    const put = (next: FlowView, steps: StepFacts[]) =>
      flows().put({ connectionId: 'steps', view: next, at: at(1), steps });
    await put(awaiting('flow-steps', 4, 'i'), [step(1), step(2)]);
    await put(view('flow-steps', { revision: 4 }), [step(2, { result: 'rejected' }), step(3)]);
    await put(ended('flow-steps', 5), [step(3, { result: 'logged_in' })]);
    await put(ended('flow-steps', 5), [step(3, { result: 'logged_in' })]);
    await put(view('flow-steps', { revision: 3 }), [step(3, { result: 'unknown' })]);
    await newFlow(store(), 'flow-none');
    const steps = await other().auth.timeline.steps(['flow-steps', 'flow-none', 'nobody']);
    expect([...steps]).toEqual([
      ['flow-steps', [step(1), step(2, { result: 'rejected' }), step(3, { result: 'logged_in' })]],
    ]);
    await store().auth.connections.delete('steps');
    expect([...(await other().auth.timeline.steps(['flow-steps']))]).toEqual([]);
  });

  it('keeps one timeline entry of a flow up to date', async () => {
    await newConnection(store(), 'times');
    const put = (next: FlowView, seconds: number) =>
      flows().put({ connectionId: 'times', view: next, at: at(seconds) });
    await put(view('t-1', { flow_type: 'REAUTH' }), 1);
    expect(await timeline('times')).toEqual([
      {
        id: 't-1',
        type: 'reauth',
        status: 'IN_PROGRESS',
        timestamp: at(1),
        updated_at: at(1),
        flow_id: 't-1',
        step: 'DISCOVERING',
      },
    ]);
    const failure = {
      flow_type: 'REAUTH',
      error_code: 'credentials_invalid',
      error_message: 'No.',
      website_error: ODD,
    } as const;
    await put(ended('t-1', 2, 'FAILED', failure), 4);
    await put(view('t-2'), 5);
    await store().auth.connections.change({
      id: 'times',
      changeId: 'c',
      set: {},
      timeline: { id: 'check', type: 'health_check', status: 'AUTHENTICATED', timestamp: at(3) },
      at: at(3),
    });
    const entries = await timeline('times');
    expect(entries.map(({ id, type }) => [id, type])).toEqual([
      ['t-2', 'login'],
      ['check', 'health_check'],
      ['t-1', 'reauth'],
    ]);
    expect(entries[2]).toEqual({
      id: 't-1',
      type: 'reauth',
      status: 'FAILED',
      timestamp: at(1),
      updated_at: at(4),
      flow_id: 't-1',
      step: 'COMPLETED',
      error_code: 'credentials_invalid',
      error_message: 'No.',
      website_error: ODD,
    });
    expect((await timeline('times', { type: 'login' })).map(({ id }) => id)).toEqual(['t-2']);
    const page = await store().auth.timeline.list('times', { limit: 1, offset: 1 });
    expect(page).toMatchObject({ items: [{ id: 'check' }], hasMore: true });
  });

  it('lists the flows of a connection newest first, and those past their deadline', async () => {
    await newConnection(store(), 'list');
    const deadlines = [700, 100, 400];
    for (const [n, seconds] of deadlines.entries()) {
      const next = view(`l-${n}`, { flow_expires_at: at(seconds) });
      await flows().put({ connectionId: 'list', view: next, at: at(n) });
    }
    expect((await flows().ofConnection('list', 2)).map(({ id }) => id)).toEqual(['l-2', 'l-1']);
    const overdue = async (seconds: number) => (await flows().overdue(at(seconds))).map(({ id }) => id);
    expect(await overdue(100)).toEqual([]);
    expect(await overdue(401)).toEqual(['l-1', 'l-2']);
    await flows().put({ connectionId: 'list', view: ended('l-1', 2, 'EXPIRED'), at: at(401) });
    expect(await overdue(401)).toEqual(['l-2']);
  });

  it('remembers which interaction each client was shown last', async () => {
    await newFlow(store(), 'shown');
    expect(await flows().shown('shown', 'client')).toBeUndefined();
    for (const id of ['i-1', 'i-2', 'i-2']) await flows().noteShown('shown', 'client', id);
    await flows().noteShown('shown', 'other \u0000', 'i-1');
    expect(await flows().shown('shown', 'client')).toBe('i-2');
    expect(await flows().shown('shown', 'other \u0000')).toBe('i-1');
    await flows().noteShown('nobody', 'client', 'i-1');
    expect(await flows().shown('nobody', 'client')).toBeUndefined();
  });

  it('remembers accepted submits by what they said', async () => {
    await newFlow(store(), 'submits');
    const note = (interactionId: string, seconds: number) =>
      flows().noteSubmit({ flowId: 'submits', bodyHash: 'hash', interactionId, at: at(seconds) });
    await note('i-1', 10);
    expect(await flows().submitSince('submits', 'hash', at(10))).toBe('i-1');
    expect(await flows().submitSince('submits', 'hash', at(11))).toBeUndefined();
    expect(await flows().submitSince('submits', 'other', at(0))).toBeUndefined();
    await note('i-2', 20);
    expect(await flows().submitSince('submits', 'hash', at(11))).toBe('i-2');
    await flows().noteSubmit({ flowId: 'nobody', bodyHash: 'h', interactionId: 'i', at: at(1) });
    expect(await flows().submitSince('nobody', 'h', at(0))).toBeUndefined();
    expect(await flows().lastSubmitted('nobody')).toBeUndefined();
    const other = { flowId: 'submits', bodyHash: 'other', interactionId: 'i-0' };
    await flows().noteSubmit({ ...other, at: at(15) });
    expect(await flows().lastSubmitted('submits')).toBe('i-2');
    await flows().noteSubmit({ ...other, interactionId: 'i-3', at: at(25) });
    expect(await flows().lastSubmitted('submits')).toBe('i-3');
  });
}

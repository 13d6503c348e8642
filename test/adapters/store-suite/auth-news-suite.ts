import { expect, it } from '@jest/globals';
import type { FlowView } from '../../../src/contract/index.ts';
import { awaiting, ended, newConnection, newWebhook, ODD, view } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authNewsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  /** Puts a view and returns what it tells. */
  const tell = async (connectionId: string, next: FlowView) => {
    const put = await store().auth.flows.put({ connectionId, view: next, at: at(next.revision) });
    const told = await Promise.all(put!.deliveries.map((id) => store().webhooks.delivery(id)));
    return told.map((delivery) => delivery!);
  };
  const types = async (connectionId: string, next: FlowView) =>
    (await tell(connectionId, next)).map(({ type }) => type);

  it('tells once of each question and of each end', async () => {
    await newConnection(store(), 'asks');
    await newWebhook(store(), 'everything');
    const external: Partial<FlowView> = { flow_step: 'AWAITING_EXTERNAL_ACTION' };
    const story: [FlowView, string[]][] = [
      [view('f', { revision: 1 }), []],
      [awaiting('f', 2, 'i-1'), ['auth.flow.awaiting_input']],
      [awaiting('f', 3, 'i-1', { website_error: 'Wrong.' }), []],
      [awaiting('f', 4, 'i-2'), ['auth.flow.awaiting_input']],
      [view('f', { revision: 5, flow_step: 'SUBMITTING' }), []],
      [awaiting('f', 6, 'i-3', external), ['auth.flow.awaiting_external_action']],
      [awaiting('f', 7, 'i-3', external), []],
      [view('f', { revision: 8, flow_step: 'SUBMITTING' }), []],
      [ended('f', 9), ['auth.flow.succeeded']],
      [ended('f', 9), []],
      [ended('f', 10, 'FAILED'), []],
    ];
    for (const [next, told] of story) expect(await types('asks', next)).toEqual(told);
    const ends = ['FAILED', 'EXPIRED', 'CANCELED'] as const;
    const last = [];
    for (const end of ends) last.push(...(await types('asks', ended(`f-${end}`, 1, end))));
    expect(last).toEqual(['auth.flow.failed', 'auth.flow.expired', 'auth.flow.canceled']);
  });

  it('tells what the rows say: nothing of the site, no URL that lets anybody in', async () => {
    await newConnection(store(), 'words', { domain: 'words.example', profile: 'words-profile' });
    const failure = ended('flow-words', 7, 'FAILED', {
      error_code: 'website_error',
      error_message: 'message-canary',
      website_error: `site-canary ${ODD}`,
      hosted_url: 'https://here/url-canary',
      live_view_url: 'https://here/url-canary',
      post_login_url: 'https://there/url-canary',
    });
    const [delivery] = await tell('words', failure);
    expect(delivery).toEqual({
      id: expect.stringMatching(/^dlv_[\w-]{20,}$/),
      webhookId: 'everything',
      type: 'auth.flow.failed',
      state: 'pending',
      attempts: 0,
      createdAt: at(7),
      payload: {
        type: 'auth.flow.failed',
        timestamp: at(7),
        data: {
          connection_id: 'words',
          domain: 'words.example',
          profile_name: 'words-profile',
          status: 'NEEDS_AUTH',
          flow_id: 'flow-words',
          revision: 7,
          flow_status: 'FAILED',
          flow_step: 'COMPLETED',
          error_code: 'website_error',
        },
      },
    });
    expect(JSON.stringify(delivery)).not.toContain('canary');
  });

  it('tells each webhook what it wants', async () => {
    await newConnection(store(), 'wants');
    await newWebhook(store(), 'ends', ['auth.flow.succeeded', 'auth.flow.failed']);
    await newWebhook(store(), 'asks', ['auth.flow.awaiting_input']);
    const whom = async (next: FlowView) =>
      (await tell('wants', next)).map(({ webhookId }) => webhookId).sort();
    expect(await whom(awaiting('w', 1, 'i-1'))).toEqual(['asks', 'everything']);
    expect(await whom(ended('w', 2))).toEqual(['ends', 'everything']);
    expect(await whom(ended('w-2', 1, 'EXPIRED'))).toEqual(['everything']);
  });

  it('tells once when the same view is put by many at once', async () => {
    await newConnection(store(), 'race');
    const answers = await Promise.all(
      range(12).map((n) =>
        (n % 2 ? store() : other()).auth.flows.put({
          connectionId: 'race',
          view: ended('flow-race', 3, 'EXPIRED'),
          at: at(3),
        }),
      ),
    );
    expect(answers.filter((answer) => answer?.written)).toHaveLength(1);
    expect(answers.flatMap((answer) => answer!.deliveries)).toHaveLength(1);
  });

  it('goes on while webhooks are deleted', async () => {
    for (const n of range(20)) {
      await newConnection(store(), `busy-${n}`);
      await newWebhook(store(), `brief-${n}`);
    }
    const answers = await Promise.all(
      range(20).map(async (n) => {
        const put = (flowId: string) =>
          store().auth.flows.put({ connectionId: `busy-${n}`, view: ended(flowId, 1), at: at(n) });
        const before = await put(`before-${n}`);
        const [deleted, during] = await Promise.all([
          other().webhooks.delete(`brief-${n}`),
          put(`during-${n}`),
        ]);
        return { deleted, puts: [before, during] };
      }),
    );
    expect(answers.every(({ deleted, puts }) => deleted && puts.every((put) => put?.written))).toBe(true);
    const ids = answers.flatMap(({ puts }) => puts.flatMap((put) => put!.deliveries));
    const left = await Promise.all(ids.map((id) => store().webhooks.delivery(id)));
    expect(left.filter((delivery) => delivery?.webhookId.startsWith('brief'))).toEqual([]);
  });
}

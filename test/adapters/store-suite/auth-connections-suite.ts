import { expect, it } from '@jest/globals';
import type { LearntLogin, TimelineEvent } from '../../../src/contract/index.ts';
import type { ConnectionChange } from '../../../src/store/auth-store.ts';
import { awaiting, ended, newConnection, newWebhook, ODD, SETTINGS, type view } from './auth-fixtures.ts';
import { at, type OpenStore, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function authConnectionsSuite(open: OpenStore): void {
  const { store, other } = useStore(open);
  const connections = () => store().auth.connections;

  it('makes a connection with its profile, and answers with the one that is there', async () => {
    const connection = {
      id: 'one',
      profile: { id: 'prof-one', name: 'ada' },
      domain: 'example.com:8443',
      settings: { ...SETTINGS, loginUrl: 'https://example.com/login?a=ü', credential: { name: 'c 1' } },
      at: at(1),
    };
    const made = await connections().create(connection);
    expect(made).toEqual({
      created: true,
      connection: {
        id: 'one',
        profileId: 'prof-one',
        profileName: 'ada',
        domain: 'example.com:8443',
        status: 'NEEDS_AUTH',
        settings: connection.settings,
        canReauth: false,
        canReauthReason: 'no_prior_successful_login',
        createdAt: at(1),
        updatedAt: at(1),
      },
    });
    const again = { ...connection, id: 'two', profile: { id: 'p', name: 'ada' }, settings: SETTINGS };
    expect(await connections().create({ ...again, at: at(2) })).toEqual({ ...made, created: false });
    expect(await connections().get('one')).toEqual(made.connection);
    expect(await connections().get('two')).toBeUndefined();
  });

  it('makes one connection of a profile and a domain when many ask at once', async () => {
    const made = await Promise.all(
      range(24).map((n) =>
        (n % 2 ? store() : other()).auth.connections.create({
          id: `race-${n}`,
          profile: { id: `prof-race-${n}`, name: 'race' },
          domain: `race-${n % 3}.example`,
          settings: SETTINGS,
          at: at(n),
        }),
      ),
    );
    expect(made.filter(({ created }) => created)).toHaveLength(3);
    expect(new Set(made.map(({ connection }) => connection.id)).size).toBe(3);
    expect(new Set(made.map(({ connection }) => connection.profileId)).size).toBe(1);
  });

  it('replaces the settings', async () => {
    const before = await newConnection(store(), 'settings');
    const settings = { ...SETTINGS, allowedDomains: [], healthChecks: false };
    const after = await connections().configure('settings', settings, at(9));
    expect(after).toEqual({ ...before, settings, updatedAt: at(9) });
    expect(await connections().configure('nobody', settings, at(9))).toBeUndefined();
  });

  it('shows the name that the profile has now', async () => {
    const { profileId } = await newConnection(store(), 'renaming');
    await store().auth.profiles.rename(profileId, 'renamed', at(2));
    expect(await connections().get('renaming')).toMatchObject({ profileName: 'renamed' });
  });

  const learnt: LearntLogin = {
    proof: { urls: [`https://example.com/home?${ODD}`], postLoginUrl: 'https://example.com/home' },
    needs: [{ kind: 'value', ref: ODD }, { kind: 'totp' }],
  };
  const all: Required<ConnectionChange> = {
    status: 'AUTHENTICATED',
    postLoginUrl: `https://example.com/${ODD}`,
    lastAuthCheckAt: at(5),
    canReauth: true,
    canReauthReason: 'has_credential',
    learnt,
  };

  it('changes what is named and leaves the rest', async () => {
    const before = await newConnection(store(), 'change');
    const change = (changeId: string, set: ConnectionChange, seconds: number) =>
      connections().change({ id: 'change', changeId, set, at: at(seconds) });
    expect(await change('c-1', all, 6)).toEqual({
      connection: { ...before, ...all, updatedAt: at(6) },
      deliveries: [],
    });
    await change('c-2', { canReauth: false }, 7);
    expect(await connections().get('change')).toEqual({
      ...before,
      ...all,
      canReauth: false,
      updatedAt: at(7),
    });
    const gone = { id: 'nobody', changeId: 'c', set: all, at: at(7) };
    expect(await connections().change(gone)).toBeUndefined();
  });

  it('applies a change once, writes its timeline entry and tells the webhooks that want it', async () => {
    await newConnection(store(), 'news', { profile: 'news-profile', domain: 'news.example' });
    await newWebhook(store(), 'all');
    await newWebhook(store(), 'some', ['auth.flow.failed', 'auth.connection.needs_auth']);
    await newWebhook(store(), 'others', ['auth.connection.authenticated']);
    const timeline: TimelineEvent = {
      id: 'check-1',
      type: 'health_check',
      status: 'NEEDS_AUTH',
      previous_status: 'AUTHENTICATED',
      timestamp: at(8),
      error_message: ODD,
    };
    const change = {
      id: 'news',
      changeId: 'once',
      set: { lastAuthCheckAt: at(8) },
      timeline,
      event: 'auth.connection.needs_auth' as const,
      at: at(8),
    };
    const told = (await connections().change(change))!;
    const repeated = await other().auth.connections.change({
      ...change,
      set: { canReauth: true },
      at: at(9),
    });
    expect(repeated).toEqual(told);
    expect(told.deliveries).toHaveLength(2);
    const stored = await Promise.all(told.deliveries.map((id) => store().webhooks.delivery(id)));
    expect(stored.map((delivery) => delivery?.webhookId).sort()).toEqual(['all', 'some']);
    expect(stored[0]!.payload).toEqual({
      type: 'auth.connection.needs_auth',
      timestamp: at(8),
      data: {
        connection_id: 'news',
        domain: 'news.example',
        profile_name: 'news-profile',
        status: 'NEEDS_AUTH',
        flow_id: null,
        revision: null,
        flow_status: null,
        flow_step: null,
        error_code: null,
      },
    });
    expect((await store().auth.timeline.list('news', { limit: 9, offset: 0 })).items).toEqual([timeline]);
  });

  it('tells of the newest flow, too', async () => {
    await newConnection(store(), 'with-flow');
    const flow = ended('flow-told', 4, 'FAILED', { error_code: 'captcha_blocked' });
    await store().auth.flows.put({ connectionId: 'with-flow', view: flow, at: at(2) });
    const told = await connections().change({
      id: 'with-flow',
      changeId: 'x',
      set: { status: 'AUTHENTICATED' },
      event: 'auth.connection.authenticated',
      at: at(3),
    });
    const delivery = await store().webhooks.delivery(told!.deliveries[0]!);
    expect(delivery?.payload.data).toMatchObject({
      status: 'AUTHENTICATED',
      flow_id: 'flow-told',
      revision: 4,
      flow_status: 'FAILED',
      flow_step: 'COMPLETED',
      error_code: 'captcha_blocked',
    });
  });

  it('applies a change once when many bring it at once', async () => {
    await newConnection(store(), 'change-race');
    const answers = await Promise.all(
      range(12).map((n) =>
        (n % 2 ? store() : other()).auth.connections.change({
          id: 'change-race',
          changeId: `change-${n % 3}`,
          set: {},
          event: 'auth.connection.authenticated',
          at: at(n),
        }),
      ),
    );
    // Two webhooks want it.
    expect(new Set(answers.flatMap((answer) => answer!.deliveries)).size).toBe(6);
  });

  it('lists newest first, by domain, profile, or a part of either', async () => {
    for (const n of range(4)) {
      const domain = `Shop_${n % 2}.list`.toLowerCase();
      await newConnection(store(), `l-${n}`, { domain, profile: `List-P${n}`, seconds: 100 + n });
    }
    const ids = async (query: object) =>
      (await connections().list({ limit: 50, offset: 0, ...query })).items.map(({ id }) => id);
    expect(await ids({ query: '.LIST' })).toEqual(['l-3', 'l-2', 'l-1', 'l-0']);
    expect(await ids({ query: 'list-p2' })).toEqual(['l-2']);
    expect(await ids({ query: 'shop%1' })).toEqual([]);
    expect(await ids({ domain: 'shop_1.list' })).toEqual(['l-3', 'l-1']);
    expect(await ids({ domain: 'shop_1.list', profileName: 'List-P1' })).toEqual(['l-1']);
    const page = await connections().list({ query: '.list', limit: 3, offset: 1 });
    expect(page.items.map(({ id }) => id)).toEqual(['l-2', 'l-1', 'l-0']);
    expect(page.hasMore).toBe(false);
  });

  it('counts connections by status and the flows in progress', async () => {
    const before = await connections().counts();
    await newConnection(store(), 'counted');
    const put = (put: ReturnType<typeof view>) =>
      store().auth.flows.put({ connectionId: 'counted', view: put, at: at(1) });
    await put(awaiting('counted-1', 2, 'i-1'));
    await put(ended('counted-2', 1));
    const after = await connections().counts();
    expect(after.connections.NEEDS_AUTH).toBe((before.connections.NEEDS_AUTH ?? 0) + 1);
    expect(after.flowsInProgress).toBe(before.flowsInProgress + 1);
  });
}

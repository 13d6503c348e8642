import type { ApiDeps } from '../../deps.ts';

const PAGE = 100;

/** Notifies the connections that name one of these credentials: whether they can log in by themselves may have changed. */
export type NotifyConnections = (...credentialNames: string[]) => Promise<void>;

export function createNotifyConnections({
  store,
  authGateway,
  log,
}: Pick<ApiDeps, 'store' | 'authGateway' | 'log'>): NotifyConnections {
  const notify = (id: string) =>
    authGateway
      .configured(id)
      .catch((error: unknown) => log.warn({ err: error, connectionId: id }, 'connection not notified yet'));

  return async (...names) => {
    for (let offset = 0, more = true; more; offset += PAGE) {
      const { items, hasMore } = await store.auth.connections.list({ limit: PAGE, offset });
      more = hasMore;
      const concerned = items.filter(({ settings }) => names.includes(settings.credential?.name ?? ''));
      await Promise.all(concerned.map(({ id }) => notify(id)));
    }
  };
}

import type { ApiDeps } from '../../deps.ts';

const PAGE = 100;

/** Tells the connections that name one of these credentials: they may now be able to log in by themselves, or no longer. */
export type TellConnections = (...credentialNames: string[]) => Promise<void>;

export function createTellConnections({
  store,
  authGateway,
  log,
}: Pick<ApiDeps, 'store' | 'authGateway' | 'log'>): TellConnections {
  const tell = (id: string) =>
    authGateway
      .configured(id)
      .catch((error: unknown) => log.warn({ err: error, connectionId: id }, 'connection not told yet'));

  return async (...names) => {
    for (let offset = 0, more = true; more; offset += PAGE) {
      const { items, hasMore } = await store.auth.connections.list({ limit: PAGE, offset });
      more = hasMore;
      const concerned = items.filter(({ settings }) => names.includes(settings.credential?.name ?? ''));
      await Promise.all(concerned.map(({ id }) => tell(id)));
    }
  };
}

import { Fleet } from '../../../contract/index.ts';
import { SILENT_MS } from '../../../store/workers/worker-silence.ts';
import type { Api, ApiDeps } from '../../deps.ts';

/** Which workers poll, what they can do, and what is still on which build. */
export function workersRoutes(app: Api, { store, deployments, now }: ApiDeps): void {
  app.get(
    '/v1/workers',
    {
      config: { scope: 'turns:read', problems: ['engine_unavailable'] },
      schema: {
        operationId: 'listWorkers',
        summary: 'The workers that poll, and how many turns are on which build',
        tags: ['operations'],
        response: { 200: Fleet },
      },
    },
    async () => {
      const since = new Date(now().getTime() - SILENT_MS).toISOString();
      const [workers, builds] = await Promise.all([store.workers.list(since), deployments?.builds() ?? []]);
      return {
        versioning: deployments !== undefined,
        workers: workers.map(({ capabilities = [], draining = false, ...worker }) => ({
          ...worker,
          capabilities: [...capabilities],
          draining,
        })),
        builds,
      };
    },
  );
}

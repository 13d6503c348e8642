import type { HTTPMethods } from 'fastify';
import type { Api } from '../deps.ts';
import { ApiProblem } from '../problems.ts';

/**
 * Answers 405 with `Allow` where a path is known and the method is not. Call it before any route is registered;
 * the returned function, called after the last one, closes the gaps.
 */
export function registerMethodNotAllowed(app: Api): () => void {
  const known = new Map<string, Set<string>>();

  app.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    known.set(url, methods);
  });

  return () => {
    for (const [url, methods] of [...known]) {
      // `*` is where preflight requests of any path arrive.
      if (url.startsWith('/docs') || url === '*') continue;
      refuseOthers(app, url, [...methods].sort());
    }
  };
}

function refuseOthers(app: Api, url: string, allowed: string[]): void {
  const allow = allowed.join(', ');
  app.route({
    url,
    method: app.supportedMethods.filter((method) => !allowed.includes(method)) as HTTPMethods[],
    schema: { hide: true },
    // Before the body is read, so that nothing about it is judged.
    onRequest: async (request) => {
      throw new ApiProblem('method_not_allowed', `${request.method} is not allowed here, only ${allow}.`, {
        headers: { allow },
      });
    },
    handler: async () => undefined,
  });
}

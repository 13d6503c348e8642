import cors from '@fastify/cors';
import type { Api, ApiDeps } from '../deps.ts';
import { isVendorPath } from '../vendor-paths.ts';

/** What a page of another origin may send, and read. */
const ALLOWED = {
  methods: ['GET', 'POST', 'OPTIONS'],
  // The engine's UI names the namespace to a codec.
  allowedHeaders: ['Authorization', 'Content-Type', 'Accept', 'X-Namespace'],
  exposedHeaders: ['X-Has-More', 'X-Next-Offset', 'X-Request-Id', 'Retry-After'],
  credentials: false,
  strictPreflight: false,
  maxAge: 600,
};

/** Headers of managed auth: nothing is cached, no address is passed on, pages of the configured origins may call. */
export async function registerVendorHeaders(
  app: Api,
  { corsOrigins }: Pick<ApiDeps['config'], 'corsOrigins'>,
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    if (!isVendorPath(pathOf(request.url))) return;
    reply.header('cache-control', 'private, no-store');
    reply.header('referrer-policy', 'no-referrer');
  });
  await app.register(cors, {
    delegator: (request, done) => {
      const path = pathOf(request.url ?? '');
      const isOffered = corsOrigins.length > 0 && /^\/(auth|codec)\//.test(path);
      done(null, isOffered ? { ...ALLOWED, origin: [...corsOrigins] } : { origin: false });
    },
  });
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

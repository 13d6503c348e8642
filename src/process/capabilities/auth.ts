import { createBrowserProfile } from '../../tools/browser-profile.ts';
import type { Capability } from './capability.ts';

/** Managed auth: connections that are kept logged in, their logins, credentials and profiles. */
export const auth: Capability = {
  tools: ({ auth: connections, waiters, now = () => new Date(), profileLookMs = 60_000 }) => [
    createBrowserProfile({ auth: connections, waiters, now, lookMs: profileLookMs }),
  ],
  api: async (deps) => (await import('./auth-api.ts')).authApi(deps),
  worker: async (context) => (await import('./auth-worker.ts')).authWorker(context),
};

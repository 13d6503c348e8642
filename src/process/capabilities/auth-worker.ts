import { createAuthActivities } from '../../activities/auth/create-auth-activities.ts';
import { createLoginBrowser } from '../../browser/create-login-browser.ts';
import type { LoginBrowser } from '../../browser/login-browser.ts';
import { createBrowserWorkers } from '../../temporal/auth/create-browser-workers.ts';
import { authRounds } from '../../upkeep/auth/auth-rounds.ts';
import { createAuthUpkeep } from '../../upkeep/auth/auth-upkeep.ts';
import type { Base } from '../base.ts';
import { browserFolder } from '../browser-folder.ts';
import { publicUrlOf } from '../public-url.ts';
import type { WorkerCapability, WorkerContext } from './capability.ts';

/** What a worker does for logins, with the browser of this process. */
export async function authWorker({ base, workerId, running }: WorkerContext): Promise<WorkerCapability> {
  const { config, store, vault, credentials, gateway, authGateway, webhookGateway, names, feed, log, now } =
    base;
  const browser = running.use(loginBrowser(base));
  const ownTaskQueue = names.workerTaskQueue(workerId);
  const { shared, opening, held } = createAuthActivities({
    auth: store.auth,
    browser,
    vault,
    credentials,
    waiters: store.waiters,
    turnGateway: gateway,
    webhookGateway,
    feed,
    queue: ownTaskQueue,
    limits: config.auth,
    previews: config.authPreviews,
    hostedUrl: (connectionId) => `${publicUrlOf(config)}/auth/hosted/${connectionId}`,
    log,
    now,
  });
  const { maxContexts } = config.browser;
  return {
    activities: shared,
    workers: (common) => createBrowserWorkers({ ...common, opening, held, ownTaskQueue, maxContexts }),
    rounds: authRounds(
      createAuthUpkeep({ auth: store.auth, gateway: authGateway, webhookGateway, feed, browser, log, now }),
    ),
  };
}

/** Released after the workers that use it. */
function loginBrowser({ config, log }: Base): LoginBrowser {
  const { allow, path: executablePath, maxContexts } = config.browser;
  return createLoginBrowser({
    allow,
    maxContexts,
    tempDir: browserFolder(config.dataDir),
    log,
    ...(executablePath !== undefined && { executablePath }),
  });
}

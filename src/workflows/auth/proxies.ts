import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { AuthActivities, HeldActivities } from './activities.ts';

/** Store work: quick, repeatable, and worth waiting for while a database is away. */
const patient = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '7d',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
} as const;

/** A worker that dies is noticed after this long. */
const heartbeatTimeout = '3s';

/** Repeatable: reads, writes by revision or id, deletions. */
export const { describeConnection, recordFlow, recordCheck, forgetSecrets } =
  proxyActivities<
    Pick<AuthActivities, 'describeConnection' | 'recordFlow' | 'recordCheck' | 'forgetSecrets'>
  >(patient);

/** Repeatable: nothing is typed yet, and a context that the flow had is closed first. */
export const { openLogin, resumeLogin } = proxyActivities<Pick<AuthActivities, 'openLogin' | 'resumeLogin'>>({
  startToCloseTimeout: '90s',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '500ms', maximumInterval: '5s', maximumAttempts: 3 },
});

/** Repeatable: it looks and changes nothing. A site that cannot be read is `unknown`, not an error. */
export const { checkLogin } = proxyActivities<Pick<AuthActivities, 'checkLogin'>>({
  startToCloseTimeout: '120s',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout,
  retry: { initialInterval: '1s', maximumInterval: '10s', maximumAttempts: 3 },
});

/** One attempt each: the workflow's own timers space them out. The receiver tells repeats by the message's id. */
export const { deliverWebhook } = proxyActivities<Pick<AuthActivities, 'deliverWebhook'>>({
  ...patient,
  startToCloseTimeout: '40s',
});

/** A worker that does not take up what is on its own queue within this time is gone. */
const scheduleToStartTimeout = '5s';

/** Activities on the queue of the worker that holds the browser. None is retried: the browser may be gone, or has acted. */
export function heldProxies(taskQueue: string) {
  const once = { taskQueue, scheduleToStartTimeout, retry: { maximumAttempts: 1 } } as const;
  const cancellationType = ActivityCancellationType.TRY_CANCEL;
  const { holdBrowser, waitExternal } = proxyActivities<Pick<HeldActivities, 'holdBrowser' | 'waitExternal'>>(
    {
      ...once,
      startToCloseTimeout: '24h',
      heartbeatTimeout,
      cancellationType,
    },
  );
  const acting = proxyActivities<Omit<HeldActivities, 'holdBrowser' | 'waitExternal' | 'closeBrowser'>>({
    ...once,
    startToCloseTimeout: '2m',
    heartbeatTimeout,
    cancellationType,
  });
  const { closeBrowser } = proxyActivities<Pick<HeldActivities, 'closeBrowser'>>({
    ...once,
    startToCloseTimeout: '10s',
  });
  // Taken one by one: what is proxied cannot be listed.
  const { observePage, actOnPage, parkBrowser, saveProfile } = acting;
  return { observePage, actOnPage, parkBrowser, saveProfile, waitExternal, holdBrowser, closeBrowser };
}

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
/** The same, where its last holder has fallen silent already. */
const reholdWithin = '800ms';
/** Acts may starve the process that heartbeats for them; the holder notices a worker that is gone sooner. */
const actingHeartbeat = '10s';

/** Activities on the queue of the worker that holds the browser. None is retried: the browser may be gone, or has acted. */
export function heldProxies(taskQueue: string) {
  const cancellationType = ActivityCancellationType.TRY_CANCEL;
  const once = {
    taskQueue,
    scheduleToStartTimeout,
    cancellationType,
    retry: { maximumAttempts: 1 },
  } as const;
  const holding = { ...once, startToCloseTimeout: '24h', heartbeatTimeout } as const;
  const { holdBrowser } = proxyActivities<Pick<HeldActivities, 'holdBrowser'>>(holding);
  const { holdBrowser: reholdBrowser } = proxyActivities<Pick<HeldActivities, 'holdBrowser'>>({
    ...holding,
    scheduleToStartTimeout: reholdWithin,
  });
  const { waitExternal } = proxyActivities<Pick<HeldActivities, 'waitExternal'>>({
    ...holding,
    heartbeatTimeout: actingHeartbeat,
  });
  const { observePage, actOnPage, parkBrowser, saveProfile } = proxyActivities<
    Pick<HeldActivities, 'observePage' | 'actOnPage' | 'parkBrowser' | 'saveProfile'>
  >({ ...once, startToCloseTimeout: '2m', heartbeatTimeout: actingHeartbeat });
  const { closeBrowser } = proxyActivities<Pick<HeldActivities, 'closeBrowser'>>({
    ...once,
    startToCloseTimeout: '10s',
  });
  return {
    holdBrowser,
    reholdBrowser,
    observePage,
    actOnPage,
    waitExternal,
    parkBrowser,
    saveProfile,
    closeBrowser,
  };
}

import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { storeWork } from '../store-work.ts';
import {
  type AuthActivities,
  type HeldActivities,
  type OpeningActivities,
  openingTaskQueue,
} from './activities.ts';

/** After this long without a heartbeat a worker that opens a page counts as dead. */
const heartbeatTimeout = '3s';
/** After this long without a heartbeat it is asked whether a holder is still there; three of its heartbeats. */
const holderTimeout = '1200ms';

/** Repeatable: reads, writes by revision or id, deletions. */
export const { describeConnection, recordFlow, recordCheck, forgetSecrets } =
  proxyActivities<
    Pick<AuthActivities, 'describeConnection' | 'recordFlow' | 'recordCheck' | 'forgetSecrets'>
  >(storeWork);

/** Order of those that wait for a browser; the smallest first. */
const PRIORITY = { answered: 1, login: 2, unattended: 4 } as const;

/** How often in a flow an opening begins anew because its browser, or its worker, has died. */
export const REOPENINGS = 3;

/**
 * What opens a browser context. Repeatable: nothing is typed yet, a context that the flow had is closed first, and a
 * check changes nothing; a site that cannot be checked is `unknown`, not an error. An attempt includes up to 20 s in which
 * the worker makes room. `reopened`: how often an opening of this flow has begun anew so far; other failures than the
 * browser's death are final after fewer attempts, which the activity decides.
 */
export function openingProxies(reopened = 0) {
  const common = {
    taskQueue: openingTaskQueue(workflowInfo().taskQueue),
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  } as const;
  // The wait in the queue is bounded by the login's own deadline.
  const opening = {
    ...common,
    startToCloseTimeout: '110s',
    retry: {
      initialInterval: '500ms',
      maximumInterval: '5s',
      maximumAttempts: Math.max(REOPENINGS - reopened, 0) + 1,
    },
  } as const;
  const openLogin = (priorityKey: number) =>
    proxyActivities<Pick<OpeningActivities, 'openLogin'>>({ ...opening, priority: { priorityKey } })
      .openLogin;
  const { resumeLogin } = proxyActivities<Pick<OpeningActivities, 'resumeLogin'>>({
    ...opening,
    priority: { priorityKey: PRIORITY.answered },
  });
  const { checkLogin } = proxyActivities<Pick<OpeningActivities, 'checkLogin'>>({
    ...common,
    startToCloseTimeout: '140s',
    scheduleToCloseTimeout: '10m',
    priority: { priorityKey: PRIORITY.unattended },
    retry: { initialInterval: '1s', maximumInterval: '10s', maximumAttempts: 3 },
  });
  return {
    openLogin: openLogin(PRIORITY.login),
    /** For a login that the connection begins itself: nobody waits for it. */
    openReauth: openLogin(PRIORITY.unattended),
    resumeLogin,
    checkLogin,
  };
}

/** A worker that does not begin what is on its own queue within this time is gone. */
const scheduleToStartTimeout = '5s';
/**
 * The same, after `holdBrowser` has stopped heartbeating. A worker that lives waits for tasks with several requests which the
 * engine answers at once, whatever the process is busy with: this is the time of the engine, not of the worker.
 */
const reholdWithin = '500ms';
/** Longer, since acts may starve the process that heartbeats; `holdBrowser` notices a worker that is gone sooner. */
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
  const holding = { ...once, startToCloseTimeout: '24h', heartbeatTimeout: holderTimeout } as const;
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
  const { takePreview } = proxyActivities<Pick<HeldActivities, 'takePreview'>>({
    ...once,
    startToCloseTimeout: '15s',
  });
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
    takePreview,
    closeBrowser,
  };
}

import type {
  ConnectionStatus,
  FlowView,
  LearntLogin,
  LoginVerdict,
  PageView,
  StepFacts,
} from '../../contract/index.ts';
import type { ConnectionFacts } from '../../core/auth/connection-facts.ts';
import type { ActReport, PlannedAct } from '../../core/auth/planned-act.ts';

/** Type of the failure of a task whose connection is not in the store of the worker that took it. */
export const AUTH_NOT_HERE = 'auth_not_here';

/** What a browser shows, and the task queue of the worker that holds it. */
export interface HeldPage {
  queue: string;
  page: PageView;
  /** How many attempts the opening took, where that is more than one: browsers or workers died. */
  attempts?: number;
}

/** Of every activity that works on a login. */
interface OfFlow {
  flowId: string;
  connectionId: string;
}

/** Activities of managed auth on the shared queue, without a browser: any worker may run them. */
export interface AuthActivities {
  /** What the connection is set to, and whether it can log in by itself; null when it is deleted. Reads only. */
  describeConnection(input: { connectionId: string }): Promise<ConnectionFacts | null>;
  /** Writes a view; older than what is stored: nothing happens. `steps`: those of the timeline that are new or have changed. */
  recordFlow(input: {
    connectionId: string;
    view: FlowView;
    startedBy?: string;
    steps?: StepFacts[];
  }): Promise<void>;
  /** Stores the verdict of a check and what follows from it. `tired`: re-auth is exhausted; the name is in histories. */
  recordCheck(input: {
    connectionId: string;
    checkId: string;
    verdict: LoginVerdict;
    status?: ConnectionStatus;
    tired?: boolean;
  }): Promise<void>;
  /** Deletes what was submitted to the flow and what it was parked with. */
  forgetSecrets(input: { flowId: string }): Promise<void>;
}

/** The queue of what opens a browser context, beside the shared queue of this name. */
export function openingTaskQueue(shared: string): string {
  return `${shared}:opening`;
}

/**
 * Activities that open a browser context. Any worker may run them; each takes no more of them at once than it may have
 * contexts, so that the others wait in the engine's queue, which costs nothing.
 */
export interface OpeningActivities {
  /** Opens the site's login page in a new browser context of this worker; `learntUrl`: where it was the last time. */
  openLogin(input: OfFlow & { learntUrl?: string }): Promise<HeldPage>;
  /** Opens what was parked, in a new context of this worker. */
  resumeLogin(input: OfFlow): Promise<HeldPage>;
  /** Opens the profile's state and looks whether it is still logged in. */
  checkLogin(input: { connectionId: string }): Promise<LoginVerdict>;
}

/** Activities that need the browser context which the worker of this queue holds. */
export interface HeldActivities {
  /**
   * Runs for as long as the context is open; its end is how the flow learns that the browser is gone, or `wanted` for
   * another login.
   */
  holdBrowser(input: { flowId: string }): Promise<'closed' | 'crashed' | 'absent' | 'wanted'>;
  observePage(input: OfFlow): Promise<PageView>;
  /** Acts at most once. */
  actOnPage(input: OfFlow & { act: PlannedAct }): Promise<ActReport>;
  /** Waits until the page asks for something else, or is logged in. */
  waitExternal(input: OfFlow & { fingerprint: string }): Promise<PageView>;
  /**
   * Keeps a picture of the page for as long as the question is asked; false where there is none. Changes nothing on the page.
   * `identifier`: secret id of what a person is known by; a browser that was opened since does not know it.
   */
  takePreview(
    input: OfFlow & { interactionId: string; fingerprint: string; until: string; identifier?: string },
  ): Promise<boolean>;
  /** Keeps the state for as long as the flow may last, and closes the context. */
  parkBrowser(input: OfFlow & { until: string }): Promise<void>;
  /**
   * Saves the profile, merged per origin; what was typed as the connection's credential, where that is wanted; what was
   * learnt; and makes the connection AUTHENTICATED.
   */
  saveProfile(input: OfFlow & LearntLogin): Promise<void>;
  closeBrowser(input: { flowId: string }): Promise<void>;
}

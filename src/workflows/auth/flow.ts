import { ApplicationFailure } from '@temporalio/workflow';
import type { FlowErrorCode, FlowType, PageView } from '../../contract/index.ts';
import type { ConnectionFacts, FlowLimits } from '../../core/auth/connection-facts.ts';
import { enterPhase, type FlowPhase, type FlowState, initialFlowState } from '../../core/auth/flow-state.ts';
import type { PlannedAct } from '../../core/auth/planned-act.ts';
import { FLOW_MESSAGES } from './flow-messages.ts';
import { type FlowSteps, noSteps } from './flow-steps.ts';
import type { HeldBrowser } from './held-browser.ts';

/** How a flow's workflow is started. */
export interface FlowStart {
  flowId: string;
  connectionId: string;
  type: FlowType;
  /** ISO instant: the end of the whole login. */
  expiresAt: string;
  hostedUrl: string | null;
  limits: FlowLimits;
  startedBy?: string;
}

/** A login in progress, as its workflow holds it. */
export interface Flow extends Omit<FlowStart, 'expiresAt'> {
  deadlineAt: number;
  /** End of the wait for the present answer. */
  inputDeadlineAt?: number;
  state: FlowState;
  /** Newest revision that is stored. */
  recorded: number;
  browser?: HeldBrowser;
  /** How often an opening has begun anew, because its browser or its worker died. */
  reopened: number;
  /** The page that is asked about is parked: no browser is open. */
  isParked: boolean;
  /** What the answer to the question leads to; the main loop acts. */
  answered?: PlannedAct;
  /** Ids of messages that were accepted. */
  taken: string[];
  /** What the person should know with the next question. */
  notice?: string;
  facts: ConnectionFacts;
  /** The last act typed nothing, so the same form again is not one that the site has refused. */
  isWithheld?: boolean;
  /** The site has heard nothing of the last act, so it has refused nothing either. */
  isUnsent?: boolean;
  /** What the timeline tells of it. */
  steps: FlowSteps;
  /** How often the page that was asked about had gone when the answer was entered. */
  left?: number;
  /** The choice of an SSO provider that was taken, and the page that it led away from. */
  leftBy?: { fingerprint: string; label: string };
  /** The end is decided. */
  ending: boolean;
}

/** Ends the login from anywhere in it. */
export class FlowFailure extends Error {
  override name = 'FlowFailure';
  readonly status: 'FAILED' | 'EXPIRED';
  readonly code: FlowErrorCode;
  readonly websiteError: string | undefined;

  constructor(code: FlowErrorCode, status: 'FAILED' | 'EXPIRED' = 'FAILED', websiteError?: string) {
    super(FLOW_MESSAGES[code]);
    this.status = status;
    this.code = code;
    this.websiteError = websiteError;
  }
}

/** The browser context is gone: the login begins again at its entry. */
export class BrowserLost extends Error {
  override name = 'BrowserLost';
}

export function openFlow({ expiresAt, ...start }: FlowStart): Flow {
  const { flowId, type, hostedUrl } = start;
  return {
    ...start,
    deadlineAt: Date.parse(expiresAt),
    state: initialFlowState({ flowId, type, expiresAt, hostedUrl }),
    recorded: 0,
    reopened: 0,
    taken: [],
    facts: unknownFacts(start.limits),
    isParked: false,
    steps: noSteps(),
    ending: false,
  };
}

function unknownFacts(limits: FlowLimits): ConnectionFacts {
  return {
    domain: '',
    status: 'NEEDS_AUTH',
    healthChecks: false,
    autoReauth: false,
    healthCheckIntervalS: 3_600,
    credential: { source: 'none', keys: [], hasTotpSecret: false },
    reauth: { can: false, reason: 'no_prior_successful_login' },
    limits,
    hostedUrl: null,
  };
}

/** Goes on to the next phase. */
export function enter(flow: Flow, phase: FlowPhase): void {
  flow.state = enterPhase(flow.state, phase);
}

/** Throws where a page ends the login: it is blocked, or has nothing to fill or choose. */
export function guardPage(page: PageView): void {
  if (page.kind === 'blocked') throw new FlowFailure(page.detail ?? page.code, 'FAILED', page.websiteError);
  if (page.kind === 'form' && page.fields.length === 0 && page.choices.length === 0) {
    throw new FlowFailure('login_form_not_found');
  }
}

/** The failure of an activity that opens a page, as the end of the flow. */
export function openingFailure(error: unknown): FlowFailure {
  const cause = error instanceof Error ? error.cause : undefined;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return new FlowFailure(isFlowErrorCode(type) ? type : 'browser_error');
}

function isFlowErrorCode(type: string | null | undefined): type is FlowErrorCode {
  return type != null && type in FLOW_MESSAGES;
}

import type {
  ActOutcome,
  FlowErrorCode,
  LoginProof,
  LoginVerdict,
  PageView,
  ReportedFrame,
} from '../contract/index.ts';

/** What the browser itself sends to a site that asks for it by HTTP (Basic, Digest): to this origin, and nowhere else. */
export interface HttpCredential {
  origin: string;
  username: string;
  password: string;
}

/** Saved state of a browser context: what makes it logged in. JSON; always sealed when it is kept. */
export interface BrowserState {
  /** Cookies and local storage by origin, IndexedDB with them; Playwright's shape. */
  storage: unknown;
  /** Session storage by origin. */
  sessionStorage: Record<string, Record<string, string>>;
  userAgent: string;
  locale: string;
  viewport: { width: number; height: number };
  /** Such a site keeps no session: what it is sent each time is the login. Absent: none was needed. */
  httpAuth?: HttpCredential[];
}

/** Where a login begins and may lead. */
export interface Site {
  /** `host[:port]`. */
  domain: string;
  loginUrl?: string;
  /** Besides the domain and the well-known identity providers: `host`, `host:port`, `*.host`. */
  allowedDomains: string[];
}

export interface OpenRequest {
  flowId: string;
  site: Site;
  /** State of the profile, so that a login that still holds is found. */
  state?: BrowserState;
  /** Where the login began the last time: looked at first; where it asks nothing any more, the login is looked for. */
  learntUrl?: string;
}

/** What an act does with a page, in this order: fill, choose, submit. */
export interface PageAct {
  /** The form must still be this one, else the outcome is `not_sent`. */
  fingerprint: string;
  /** Values by field id. Asked of page and frame right before a value is typed; absent: wherever the flow may type. */
  fill: { fieldId: string; value: string; mayBeTypedOn?(url: string): boolean }[];
  /** Choice to take instead of, or after, filling. */
  choiceId?: string;
  /** Submit the form after filling; false where a choice says it all. */
  submit: boolean;
}

export interface ActResult {
  outcome: ActOutcome;
  /** What the page shows afterwards; absent when the browser is gone. */
  page?: PageView;
  /** Whether the site has heard anything of it. Absent where that is not known. */
  sent?: boolean;
  /** Why nothing was sent, where that is known. */
  reason?: 'read_only' | 'not_entered' | 'answer_missing';
  /** With `answer_missing`: names of what the site requires and nobody has answered. */
  missing?: string[];
}

/** Where a login is: it decides which values may be typed there. */
export interface Whereabouts {
  /** Full URL of the page. */
  url: string;
  /** Set while the page belongs to an SSO provider rather than to the site. */
  ssoProvider?: string;
}

/** What is kept of a page whose context is closed while a person is asked. */
export interface ParkedPage {
  state: BrowserState;
  /** Full URL of the page, query included. */
  url: string;
  fingerprint: string;
}

export interface CheckRequest {
  site: Site;
  state: BrowserState;
  proof: LoginProof;
}

/** What a check found; `state` where the login holds: the visit may have renewed it. */
export interface Checked {
  verdict: LoginVerdict;
  state?: BrowserState;
}

/** A failure of the browser, as a code and a step; never a message, stack or cause of Playwright's. */
export class BrowserError extends Error {
  override name = 'BrowserError';
  readonly code: FlowErrorCode | 'context_gone' | 'capacity_reached';
  readonly step: string;

  constructor(code: BrowserError['code'], step: string) {
    super(`The browser failed at ${step}: ${code}.`);
    this.code = code;
    this.step = step;
  }
}

/**
 * The browser of one worker process: one Chromium, started when first needed, one context for each open login. Contexts
 * are named by flow id. Throws {@link BrowserError} only.
 */
export interface LoginBrowser extends AsyncDisposable {
  /** Starts Chromium, where it does not run, before a login needs it. */
  warmUp(): Promise<void>;
  /**
   * Opens the site's login page in a new context and reads it. One that the flow has open already is closed first. While
   * all contexts that are allowed are open, it waits for a slot, and the watchers of an idle context are told `wanted`; after
   * a while it throws `capacity_reached`. The same holds for `resume` and `check`.
   */
  open(request: OpenRequest, signal: AbortSignal): Promise<PageView>;
  /**
   * Opens the URL of a parked page with its state. The view may differ from what was parked: the caller compares
   * fingerprints.
   */
  resume(request: OpenRequest & { parked: ParkedPage }, signal: AbortSignal): Promise<PageView>;
  /** Reads the page again, once it has settled. */
  observe(flowId: string, signal: AbortSignal): Promise<PageView>;
  /** Where the flow's page is right now, as the browser tells it. */
  whereabouts(flowId: string): Promise<Whereabouts>;
  /** Acts once and reads what comes. Values are secrets: from here on every text of the flow is scrubbed of them. */
  act(flowId: string, act: PageAct, signal: AbortSignal): Promise<ActResult>;
  /** Waits until the page asks for something else or is logged in; ends when the signal is aborted. */
  waitExternal(flowId: string, fingerprint: string, signal: AbortSignal): Promise<PageView>;
  /**
   * The frames of the page that was read last, scrubbed of everything typed in the flow, of `known`, and of what may be
   * somebody's; undefined where none was read.
   */
  reading(flowId: string, known: readonly string[]): Promise<ReportedFrame[] | undefined>;
  /**
   * A JPEG of what the window shows of the flow's page, of 200 kB at most, with every field covered, and every text that holds
   * what was typed in the flow or is `known`; undefined where the page is not that of the fingerprint any more.
   */
  preview(
    flowId: string,
    request: { fingerprint: string; known: readonly string[] },
  ): Promise<Buffer | undefined>;
  /** State of the context, for the profile. */
  capture(flowId: string): Promise<BrowserState>;
  /** Takes what is needed to go on later, and closes the context. */
  park(flowId: string): Promise<ParkedPage>;
  /** Closes the flow's context; nothing happens where there is none. */
  close(flowId: string): Promise<void>;
  /**
   * Resolves when the flow's context is closed or has crashed; at once where there is none. `wanted`: it is open, and
   * another login needs its slot; told once, until the context is used again.
   */
  watch(flowId: string, signal?: AbortSignal): Promise<'closed' | 'crashed' | 'absent' | 'wanted'>;
  /** How many contexts are open. */
  openContexts(): number;
  /** Whether a state is still logged in, by the URLs of its proof; in a context of its own. */
  check(request: CheckRequest, signal: AbortSignal): Promise<Checked>;
}

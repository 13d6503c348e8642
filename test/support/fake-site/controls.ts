import type { Gate } from './gates.ts';
import type { Attempt, Damage } from './ledger.ts';
import type { SentMessage } from './outbox.ts';
import { scenarios } from './scenarios/all.ts';
import { openLastLink } from './scenarios/magic-link.ts';
import { approvePushes } from './scenarios/push.ts';
import type { SessionInfo } from './sessions.ts';
import type { SiteState } from './site-state.ts';

/** What tests see and steer. Names of scenarios that do not exist are refused with an error. */
export interface FakeSiteControls {
  /** Every submitted credential form, oldest first; never its values. */
  attempts(scenario?: string): Attempt[];
  /** What no login should have done: profile edits, honeypots, newsletters, searches. */
  damage(): Damage[];
  /** Approves all sign-ins that wait for a phone; returns how many. */
  approvePush(): number;
  /** Opens the link that `magic-link` mailed last; returns whether it was still of use. */
  openMagicLink(): boolean;
  /** The last message that a scenario "sent" (to this user), with its code and to where. */
  lastCode(scenario: string, username?: string): SentMessage | undefined;
  /** Everything that was sent. */
  messages(): readonly SentMessage[];
  /** Ends logged-in sessions (of this user) on the server; those of the second origin are `sso-idp`. Returns how many. */
  expireSessions(scenario?: string, username?: string): number;
  /** Who is logged in now. */
  sessions(scenario?: string): SessionInfo[];
  /** How long `slow` thinks. */
  setSlow(delayMs: number): void;
  /** How long logins in `expiring` last from now on. */
  setSessionSeconds(seconds: number): void;
  /** Holds the answer of the scenario's next POST, after it was acted on. For `sso` both origins count. */
  holdNextPost(scenario: string): Gate;
  /** Forgets everything, lets held answers go, and takes the settings back. */
  reset(): void;
}

/** The controls of a site in this process. */
export function createControls(site: SiteState): FakeSiteControls {
  return {
    attempts(scenario) {
      const wanted = scenario && known(scenario);
      return site.ledger.attempts.filter((attempt) => !wanted || attempt.scenario === wanted);
    },
    damage: () => [...site.ledger.damage],
    approvePush: () => approvePushes(site),
    openMagicLink: () => openLastLink(site),
    lastCode: (scenario, username) => site.outbox.last(known(scenario), username),
    messages: () => site.outbox.all(),
    expireSessions: (scenario, username) => site.sessions.expire(scenario && known(scenario), username),
    sessions: (scenario) => site.sessions.loggedIn(scenario && known(scenario)),
    setSlow(delayMs) {
      site.settings.slowMs = delayMs;
    },
    setSessionSeconds(seconds) {
      site.settings.sessionSeconds = seconds;
    },
    holdNextPost: (scenario) => site.gates.holdNext(known(scenario)),
    reset: () => site.reset(),
  };
}

function known(scenario: string): string {
  if (scenario === 'sso-idp' || scenarios.some(({ name }) => name === scenario)) return scenario;
  const names = scenarios.map(({ name }) => name).join(', ');
  throw new Error(`The fake site has no scenario "${scenario}"; it has ${names}.`);
}

import { type Accounts, createAccounts, type FakeUser } from './accounts.ts';
import { createGates, type Gates } from './gates.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createOutbox, type Outbox, type SentMessage } from './outbox.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** What a test may turn while the site runs. */
export interface SiteSettings {
  /** How long a login lasts in `expiring`. */
  sessionSeconds: number;
  /** How long `slow` thinks about a login. */
  slowMs: number;
}

/** Everything that a fake site remembers. */
export interface SiteState {
  accounts: Accounts;
  sessions: Sessions;
  ledger: Ledger;
  outbox: Outbox;
  gates: Gates;
  settings: SiteSettings;
  /** One-time codes of the second origin, and the user each stands for. */
  ssoCodes: Map<string, string>;
  /** `http://host:port` of both servers; set once they listen. */
  origins: { site: string; sso: string };
  /** Unix milliseconds. */
  now(): number;
  reset(): void;
}

/** The memory of a site that nobody visited yet. */
export function createSiteState(options: {
  users: readonly FakeUser[];
  settings: SiteSettings;
  now: () => number;
  onMessage: (message: SentMessage) => void;
}): SiteState {
  const { now } = options;
  const state: SiteState = {
    accounts: createAccounts(options.users),
    sessions: createSessions(now),
    ledger: createLedger(),
    outbox: createOutbox(now, options.onMessage),
    gates: createGates(),
    settings: { ...options.settings },
    ssoCodes: new Map(),
    origins: { site: '', sso: '' },
    now,
    reset() {
      state.accounts.reset();
      state.sessions.reset();
      state.ledger.reset();
      state.outbox.reset();
      state.gates.releaseAll();
      state.ssoCodes.clear();
      Object.assign(state.settings, options.settings);
    },
  };
  return state;
}

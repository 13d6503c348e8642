/** What kind of answer a person, or a browser in their place, gave. */
export type AttemptStep = 'identifier' | 'password' | 'code' | 'change' | 'choice';

/** One submitted form of a login. Its values are never kept. */
export interface Attempt {
  scenario: string;
  step: AttemptStep;
  /** The account that was meant, if there is one of that name. */
  user: string | null;
  correct: boolean;
  /** Unix milliseconds. */
  at: number;
  /** Names of the fields that were not empty, hidden ones included. */
  fieldsFilled: string[];
}

/** Something that a login must never do. */
export interface Damage {
  scenario: string;
  kind: 'profile-edit' | 'honeypot' | 'newsletter' | 'search' | 'consent';
  /** Unix milliseconds. */
  at: number;
}

/** All that browsers did here, in order. */
export interface Ledger {
  attempts: Attempt[];
  damage: Damage[];
  /** Wrong answers in a row, by scenario and user. */
  failures: Map<string, number>;
  /** The newest TOTP window that was accepted, by scenario and user. */
  lastTotpWindow: Map<string, number>;
  reset(): void;
}

/** An empty ledger. */
export function createLedger(): Ledger {
  const ledger: Ledger = {
    attempts: [],
    damage: [],
    failures: new Map(),
    lastTotpWindow: new Map(),
    reset() {
      ledger.attempts = [];
      ledger.damage = [];
      ledger.failures.clear();
      ledger.lastTotpWindow.clear();
    },
  };
  return ledger;
}

/** What only `npm run test:full` collects of a file, and what stands for it in every run. */
export interface Left {
  what: string;
  file: string;
  instead: { file: string; test: string };
}

const HEALTH = 'test/e2e/auth-sites/health.test.ts';
const CODES = 'test/e2e/auth-contract/codes.test.ts';
const SDK = 'test/e2e/auth-sdk/login.test.ts';
const SSO = 'test/e2e/auth-clients/sso.test.ts';
const RESTORE = 'test/crash/restore.test.ts';
const HOT = 'test/crash/auth-hot.test.ts';
const PARKED = 'test/crash/auth-parked.test.ts';
const WORKER = { file: 'test/crash/worker.test.ts', test: "describeCrashes('worker'" };

/** Besides the visits of the fake site, which name what stands for them in `auth-matrix.ts`. */
export const LEFT_TO_FULL: readonly Left[] = [
  {
    what: '20,096 calls in one turn, ten readers',
    file: 'test/full/many-calls.test.ts',
    instead: {
      file: 'test/workflow/many-calls.test.ts',
      test: 'carries no more from run to run, however many calls a turn has had',
    },
  },
  {
    what: '200 logins that wait at once',
    file: 'test/e2e/auth-many/parked.test.ts',
    instead: { file: 'test/e2e/auth-many/parked.test.ts', test: 'sized(9, 200)' },
  },
  {
    what: '100 parked and 20 running turns under a deploy, its rollback and a mixed fleet',
    file: 'test/workflow/mixed-fleet.test.ts',
    instead: { file: 'test/workflow/mixed-fleet.test.ts', test: 'sized(16, 100)' },
  },
  {
    what: '100 turns of a busy session beside 100 others',
    file: 'test/workflow/model-limits.test.ts',
    instead: { file: 'test/workflow/model-limits.test.ts', test: 'sized(30, 100)' },
  },
  {
    what: 'marked secrets typed at five more scenarios',
    file: 'test/e2e/auth-canary/secrets.test.ts',
    instead: { file: 'test/e2e/auth-canary/secrets.test.ts', test: "login('mirror'" },
  },
  {
    what: 'a submit after each end of a login, by a selector, and without a question',
    file: CODES,
    instead: { file: 'test/api/auth-submit.test.ts', test: 'a submit to a login that has ended' },
  },
  {
    what: 'fields of three more scenarios, and two numbers of one type',
    file: 'test/e2e/auth-contract/fields.test.ts',
    instead: { file: SDK, test: 'of two numbers the first is taken' },
  },
  {
    what: 'two more moments around the deadline, and an answer to a question that was replaced',
    file: 'test/e2e/auth-clients/expiry.test.ts',
    instead: { file: 'test/e2e/auth-clients/submit.test.ts', test: 'R4.4 a question that comes back' },
  },
  {
    what: 'a page with all faults after a wrong password, and while a phone has to approve',
    file: 'test/e2e/auth-clients/pages.test.ts',
    instead: { file: 'test/e2e/auth-clients/pages.test.ts', test: 'ends at "connected" after two questions' },
  },
  {
    what: 'frames laid over snapshots of a login with a code of an app',
    file: SSO,
    instead: { file: SSO, test: "['sso', { choose: contoso }]" },
  },
  {
    what: 'a wrong password through the SDK',
    file: SDK,
    instead: { file: 'test/e2e/auth-clients/submit.test.ts', test: 'R4.4 a question that comes back' },
  },
  {
    what: 're-auth with a TOTP secret, and with a choice',
    file: HEALTH,
    instead: { file: HEALTH, test: 'a session that ended is logged in again with the stored credential' },
  },
  {
    what: 'a stored password that has become wrong is not tried for ever',
    file: HEALTH,
    instead: {
      file: 'test/workflow/auth-connection.test.ts',
      test: 'are given up after three failures in a row, until one by hand succeeds',
    },
  },
  {
    what: 'no re-auth because of a code by e-mail, or of a phone',
    file: HEALTH,
    instead: { file: HEALTH, test: 'there is no credential' },
  },
  {
    what: 'a wrong password at six more scenarios',
    file: 'test/e2e/auth-sites/refusals.test.ts',
    instead: { file: 'test/e2e/auth-sites/refusals.test.ts', test: "['identifier-first', 'spa-blank'" },
  },
  {
    what: 'logins still there in the profiles of three more scenarios',
    file: 'test/e2e/auth-sites/matrix.test.ts',
    instead: { file: 'test/adapters/browser/logins.test.ts', test: "'session-storage', 'indexeddb'" },
  },
  {
    what: 'kill -9 of the browser alone at every step of a login',
    file: HOT,
    instead: {
      file: 'test/adapters/browser/contexts.test.ts',
      test: 'leave the outcome of an act unknown that the browser died over',
    },
  },
  {
    what: 'kill -9 of the browser alone while logins are parked',
    file: PARKED,
    instead: {
      file: 'test/workflow/auth-browser-loss.test.ts',
      test: 'is parked without a browser, and goes on where it was when the answer comes',
    },
  },
  {
    what: 'kill -9 of engine and API at every step of a login',
    file: HOT,
    instead: { file: HOT, test: 'each can be finished by a person, nothing is typed twice, none is lost' },
  },
  {
    what: 'kill -9 of engine and API while logins are parked',
    file: PARKED,
    instead: { file: PARKED, test: 'the same question can still be answered' },
  },
  {
    what: 'kill -9 of everything in four of six phases',
    file: 'test/crash/everything.test.ts',
    instead: WORKER,
  },
  {
    what: 'kill -9 below `npm start` in three of five phases',
    file: 'test/crash/npm-start.test.ts',
    instead: WORKER,
  },
  {
    what: 'a restore of an older SQLite store with a newer engine',
    file: RESTORE,
    instead: {
      file: RESTORE,
      test: 'of the store to a point in time before the engine: the store learns what happened',
    },
  },
];

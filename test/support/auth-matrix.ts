import type { ManagedAuth } from '../../src/contract/auth/index.ts';
import { answerAll, type Person } from './auth-person.ts';
import { type AuthStage, appCode, freshAppCode } from './auth-stage.ts';

/** One way in which a person gets through a site, and what the site should have seen of it. */
export interface Visit {
  scenario: string;
  /** What tells this visit from others of the same scenario. */
  how?: string;
  /** What this person does besides typing name and password. */
  person?: (stage: AuthStage) => Partial<Person>;
  /** Settings of the connection. */
  settings?: (stage: AuthStage, person: Person) => Promise<Record<string, unknown>> | Record<string, unknown>;
  /** Default SUCCESS. */
  status?: ManagedAuth['flow_status'];
  errorCode?: string;
  /** Steps that the site counts, in order; `!` marks a wrong one. */
  sees: string[];
  /** How many questions the person is asked. */
  questions?: number;
  /** It is waited out: begun before the others. */
  takesLong?: true;
  /** Another file of the same suite goes through it to the end: made again in `npm run test:full` only. */
  elsewhere?: string;
  /** Another visit, by its name, that stands for this one in every run: made in `npm run test:full` only. */
  like?: string;
}

/** What came of a visit. */
export interface Visited {
  visit: Visit;
  person: Person;
  connection: ManagedAuth;
  questions: ManagedAuth[];
  end: ManagedAuth;
  /** In the words of {@link Visit.sees}. */
  saw: string[];
}

const sentCode = (scenario: string) => (stage: AuthStage) => ({
  code: () => stage.site.lastCode(scenario)?.code,
});
const app = () => ({ code: () => appCode() });
/** Where a code is taken in its own 30 seconds only. */
const strictApp = () => ({
  ...app(),
  ready: async ({ fields }: ManagedAuth) => fields?.some(({ type }) => /code$/.test(type)) && freshAppCode(),
});

/** Every scenario of the list, and those that earlier designs fell over. */
export const VISITS: readonly Visit[] = [
  { scenario: 'combined', elsewhere: 'auth-sites/health', sees: ['password'], questions: 1 },
  { scenario: 'combined-german', like: 'combined', sees: ['password'], questions: 1 },
  {
    scenario: 'identifier-first',
    elsewhere: 'auth-sites/refusals',
    sees: ['identifier', 'password'],
    questions: 2,
  },
  {
    scenario: 'sso',
    how: 'by the own form',
    like: 'sso at the second origin',
    sees: ['password'],
    questions: 1,
  },
  {
    scenario: 'sso',
    how: 'at the second origin',
    elsewhere: 'auth-clients/sso',
    person: () => ({
      choose: (choices, view) =>
        view.sso_provider ? undefined : choices.find(({ label }) => /contoso/i.test(label)),
    }),
    sees: ['password'],
    questions: 2,
  },
  { scenario: 'totp', elsewhere: 'auth-sdk/login', person: app, sees: ['password', 'code'], questions: 2 },
  {
    scenario: 'totp-strict',
    like: 'totp-strict with everything stored',
    person: strictApp,
    sees: ['password', 'code'],
    questions: 2,
  },
  {
    scenario: 'totp-strict',
    how: 'with everything stored',
    settings: async (stage, { username, password }) => {
      const name = await stage.credential({ username, password }, { totp_secret: 'JBSWY3DPEHPK3PXP' });
      return { credential: { name } };
    },
    sees: ['password', 'code'],
    questions: 0,
  },
  {
    scenario: 'sms-list',
    elsewhere: 'auth-sdk/login',
    person: sentCode('sms-list'),
    sees: ['password', 'choice', 'code'],
    questions: 3,
  },
  {
    scenario: 'sms-list',
    how: 'with the app',
    like: 'sms-list',
    person: () => ({
      ...app(),
      choose: (choices, view) =>
        view.fields?.length ? undefined : choices.find(({ mfa_type }) => mfa_type === 'totp'),
    }),
    sees: ['password', 'choice', 'code'],
    questions: 3,
  },
  {
    scenario: 'email-code',
    elsewhere: 'auth-sites/refusals',
    person: sentCode('email-code'),
    sees: ['password', 'code'],
    questions: 2,
  },
  {
    scenario: 'push',
    elsewhere: 'auth-sdk/login',
    person: ({ site }) => ({ elsewhere: () => site.approvePush() }),
    sees: ['password'],
    questions: 2,
  },
  {
    scenario: 'magic-link',
    person: ({ site }) => ({ elsewhere: () => site.openMagicLink() }),
    sees: ['identifier'],
    questions: 2,
  },
  {
    scenario: 'account-picker',
    elsewhere: 'auth-contract/fields',
    person: () => ({ choose: (choices) => choices.find(({ type }) => type === 'account') }),
    sees: ['password', 'choice'],
    questions: 2,
  },
  {
    scenario: 'six-box',
    elsewhere: 'auth-contract/fields',
    person: sentCode('six-box'),
    sees: ['password', 'code'],
    questions: 2,
  },
  { scenario: 'shadow-dom', elsewhere: 'auth-sites/refusals', sees: ['password'], questions: 1 },
  { scenario: 'iframe', sees: ['password'], questions: 1 },
  { scenario: 'honeypot', sees: ['password'], questions: 1 },
  {
    scenario: 'password-change',
    elsewhere: 'auth-contract/fields',
    person: () => ({ newPassword: 'ein ganz neues 77' }),
    sees: ['password', 'change'],
    questions: 2,
  },
  { scenario: 'session-storage', like: 'indexeddb', sees: ['password'], questions: 1 },
  { scenario: 'indexeddb', sees: ['password'], questions: 1 },
  { scenario: 'passwordless-only', like: 'combined', sees: ['password'], questions: 1 },
  { scenario: 'profile-page', like: 'honeypot', sees: ['password'], questions: 1 },
  { scenario: 'spa-blank', elsewhere: 'auth-sites/refusals', sees: ['password'], questions: 1 },
  { scenario: 'modal', sees: ['password'], questions: 1 },
  { scenario: 'mirror', elsewhere: 'auth-canary/secrets', sees: ['password'], questions: 1 },
  { scenario: 'slow', elsewhere: 'auth-contract/codes', sees: ['password'], questions: 1 },
  { scenario: 'agent-bound', sees: ['password'], questions: 1 },
  { scenario: 'attempts', elsewhere: 'auth-sites/refusals', sees: ['password'], questions: 1 },
  { scenario: 'expiring', elsewhere: 'auth-sites/health', sees: ['password'], questions: 1 },
  { scenario: 'consent', sees: ['password'], questions: 1 },
  { scenario: 'basic', sees: ['password'], questions: 1 },
  { scenario: 'captcha', status: 'FAILED', errorCode: 'captcha_required', sees: [] },
  { scenario: 'blocked', like: 'captcha', status: 'FAILED', errorCode: 'bot_detected', sees: [] },
  {
    scenario: 'passkey-only',
    like: 'captcha',
    status: 'FAILED',
    errorCode: 'passkey_required',
    sees: [],
  },
  {
    scenario: 'never-loads',
    elsewhere: 'auth-contract/limits',
    takesLong: true,
    status: 'FAILED',
    errorCode: 'network_error',
    sees: [],
  },
];

/** The visits that every run makes. */
export const MADE = VISITS.filter(({ elsewhere, like }) => elsewhere === undefined && like === undefined);

/** `sms-list with the app` */
export function nameOf({ scenario, how }: Visit): string {
  return how === undefined ? scenario : `${scenario} ${how}`;
}

/** What the site counted of this person in a scenario. */
export function seenOf({ site }: Pick<AuthStage, 'site'>, scenario: string, person: Person): string[] {
  return site
    .attempts(scenario)
    .filter(({ user }) => user === person.username)
    .map(({ step, correct }) => (correct ? step : `${step}!`));
}

/** Makes the visit. */
export async function visitSite(stage: AuthStage, visit: Visit): Promise<Visited> {
  const person: Person = { ...stage.person(), ...visit.person?.(stage) };
  const settings = (await visit.settings?.(stage, person)) ?? {};
  const connection = await stage.connect(visit.scenario, settings);
  await stage.auth.login(connection.id);
  const { questions, end } = await answerAll(stage.auth, connection.id, person, 75_000);
  return { visit, person, connection, questions, end, saw: seenOf(stage, visit.scenario, person) };
}

/** Lets at most so many run at once. */
export function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

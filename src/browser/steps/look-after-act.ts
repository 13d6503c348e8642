import type { LoginProof } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import type { PageReading } from '../page/page-reading.ts';
import { readPage } from '../page/read-page.ts';
import type { ActedOn, Expectation, SettleOptions } from '../page/settle.ts';
import { pause } from '../pause.ts';
import { compareIn, proveAtEntry } from '../verdict/differential-test.ts';
import { exitsOf } from '../verdict/exits.ts';
import { leadsOut, looksInside } from '../verdict/looks-inside.ts';
import { readSettled } from './read-settled.ts';

/** What was acted on, and where its links led. */
export interface Acted extends ActedOn {
  exits?: string[];
}

/** A login is proved early only where its page has asked nothing for this long: a step's form may come late. */
const OBSERVED_MS = { surely: 1_000, likely: 1_600 };

/**
 * The first look after an act. A page that asks nothing and looks like one behind a login is compared while it settles: with
 * `proof` where an entry proves the login and the page still asks nothing then. Undefined where that proves nothing; the page
 * has not settled then.
 */
export async function lookAfterAct(
  login: LoginContext,
  after: Acted,
  signal: AbortSignal,
): Promise<{ reading: PageReading; proof?: LoginProof } | undefined> {
  await using comparison = compareIn(login, signal);
  const seen: { expected?: Expectation | undefined } = {};
  const options: SettleOptions = {
    after,
    signal,
    onGlimpse: ({ purpose, blank }) => {
      if (purpose === 'none' && !blank) comparison.prepare();
    },
    async expects() {
      seen.expected = await expectationOf(login, after);
      return seen.expected;
    },
  };
  const { reading, sinceAt, isEarly } = await readSettled(login, options);
  if (!isEarly) return { reading };
  const proof = await proveAtEntry(login, reading, comparison);
  if (proof === undefined) return undefined;
  const restMs = sinceAt + OBSERVED_MS[seen.expected ?? 'likely'] - performance.now();
  if (restMs > 0) await pause(restMs, signal);
  // Fails where the page goes on to another one.
  const now = await readPage(login.pages.current()).catch(() => undefined);
  const isStill = now?.fingerprint === reading.fingerprint && now.purpose === 'none' && !now.busy;
  return isStill ? { reading, proof } : undefined;
}

/** A way to log out that was not there before is a better sign than many links. */
async function expectationOf(login: LoginContext, { exits }: Acted): Promise<Expectation | undefined> {
  // Fails where the page goes on to another one.
  const now = await exitsOf(login.pages.current()).catch(() => undefined);
  if (now === undefined || exits === undefined) return undefined;
  if (leadsOut(now, exits)) return 'surely';
  return looksInside(now, exits) ? 'likely' : undefined;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type AuthStream, type FrameJson, outline } from '../../test/support/auth-stream.ts';
import { defaultUser } from '../../test/support/fake-site/accounts.ts';
import type { FakeSite } from '../../test/support/fake-site/fake-site.ts';
import { SETTLE_MS } from '../client/settle.ts';
import { type Percentiles, percentiles } from '../statistics.ts';
import { launchPlain } from '../system/chromium.ts';
import { type AuthStage, answer, askFirst, PASSWORDS, SCENARIO, startAuthStage } from './auth-stage.ts';
import { alternate } from './pair.ts';

/** What an answer took: `again` until the form is asked again after a wrong one, `in` until the login is done. */
export interface SubmitRound {
  again: Percentiles;
  in: Percentiles;
}

export interface SubmitFigures {
  logins: number;
  wrong: number;
  /** `POST …/submit` sent → 202, of all answers. */
  accepted: Percentiles[];
  /** `POST …/submit` sent → frame of the question, or of the end, on an open stream. */
  longturn: SubmitRound[];
  /** The same form filled and sent by Playwright alone → the next form, or the page behind the login, is there. */
  plain: SubmitRound[];
}

interface Answered {
  accepted: number[];
  again: number[];
  in: number[];
}

const ANSWERED_WITHIN_MS = 120_000;

/** Answers one login at a time: wrong passwords, then the right one; beside the same done by Playwright alone. */
export async function measureSubmits(
  rounds: number,
  { logins, wrong }: { logins: number; wrong: number },
): Promise<SubmitFigures> {
  await using stage = await startAuthStage();
  await using browser = await launchPlain();
  // The first login starts Chromium, and the first page of each Chromium is slower than all later ones.
  await oneLogin(stage, 1, nothing());
  await plainLogin(await browser.newPage(), stage.site, 1, nothing());
  const figures: SubmitFigures = { logins, wrong, accepted: [], longturn: [], plain: [] };
  for (let round = 0; round < rounds; round += 1) {
    await alternate(round, [
      async () => {
        const into = nothing();
        for (let login = 0; login < logins; login += 1) await oneLogin(stage, wrong, into);
        figures.accepted.push(percentiles(into.accepted));
        figures.longturn.push(summed(into));
      },
      async () => {
        const into = nothing();
        for (let login = 0; login < logins; login += 1) {
          const context = await browser.newContext();
          await plainLogin(await context.newPage(), stage.site, wrong, into);
          await context.close();
        }
        figures.plain.push(summed(into));
      },
    ]);
  }
  return figures;
}

const nothing = (): Answered => ({ accepted: [], again: [], in: [] });
const summed = (answered: Answered): SubmitRound => ({
  again: percentiles(answered.again),
  in: percentiles(answered.in),
});

async function oneLogin(stage: AuthStage, wrong: number, into: Answered): Promise<void> {
  const { id } = await askFirst(stage);
  const stream = await stage.auth.stream(id);
  try {
    for (let time = 0; time < wrong; time += 1) {
      const again = await answered(stage, stream, id, PASSWORDS.wrong, into);
      if (again.json.flow_step !== 'AWAITING_INPUT') throw strange(stream);
      into.again.push(again.tookMs);
    }
    const end = await answered(stage, stream, id, PASSWORDS.right, into);
    if (end.json.flow_status !== 'SUCCESS') throw strange(stream);
    into.in.push(end.tookMs);
  } finally {
    stream.close();
  }
}

/** Answers what the stream shows, and waits until it shows the next question or the end. */
async function answered(
  stage: AuthStage,
  stream: AuthStream,
  id: string,
  password: string,
  into: Answered,
): Promise<{ json: FrameJson; tookMs: number }> {
  const before = await stream.until('a question', isQuestion, ANSWERED_WITHIN_MS);
  const asked = stream.states().findLast(isQuestion) ?? before;
  await delay(SETTLE_MS);
  const begin = performance.now();
  const accepted = answer(stage, id, asked as never, password).then(() => performance.now());
  const isNext = (state: FrameJson) =>
    state.flow_status !== 'IN_PROGRESS' ||
    (isQuestion(state) && Number(state.revision) > Number(asked.revision));
  const [at] = await Promise.all([accepted, stream.until('what follows', isNext, ANSWERED_WITHIN_MS)]);
  into.accepted.push(at - begin);
  const frame = stream.frames.find(({ event, json }) => event === 'managed_auth_state' && isNext(json));
  if (frame === undefined) throw strange(stream);
  return { json: frame.json, tookMs: frame.atMs - begin };
}

const isQuestion = ({ flow_step }: FrameJson) => flow_step === 'AWAITING_INPUT';

function strange(stream: AuthStream): Error {
  return new Error(`The login went another way than it should: ${outline(stream.states())}`);
}

/** The same by Playwright alone, which knows where everything is and when it is done. */
async function plainLogin(page: Page, site: FakeSite, wrong: number, into: Answered): Promise<void> {
  await page.goto(site.loginUrl(SCENARIO));
  const send = async (password: string) => {
    const loaded = page.waitForEvent('domcontentloaded');
    await page.fill('#email', defaultUser.username);
    await page.fill('#password', password);
    await page.click('.card button[type=submit]');
    await loaded;
  };
  const timed = async (work: () => Promise<void>) => {
    await delay(SETTLE_MS);
    const begin = performance.now();
    await work();
    return performance.now() - begin;
  };
  for (let time = 0; time < wrong; time += 1) {
    into.again.push(
      await timed(async () => {
        await send(PASSWORDS.wrong);
        await page.locator('[role=alert]').waitFor();
      }),
    );
  }
  into.in.push(
    await timed(async () => {
      await send(PASSWORDS.right);
      await page.waitForURL(site.homeUrl(SCENARIO));
      await page.locator('h1').waitFor();
    }),
  );
}

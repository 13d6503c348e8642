import type { Browser, BrowserContextOptions } from 'playwright-core';
import { defaultUser } from '../../test/support/fake-site/accounts.ts';
import type { FakeSite } from '../../test/support/fake-site/fake-site.ts';
import { poll } from '../../test/support/poll.ts';
import { inFlight as inLanes } from '../client/in-flight.ts';
import { type Percentiles, percentiles } from '../statistics.ts';
import { launchPlain } from '../system/chromium.ts';
import { type AuthStage, answer, askFirst, PASSWORDS, SCENARIO, startAuthStage } from './auth-stage.ts';
import { alternate } from './pair.ts';

export interface CheckRound {
  perMinute: number;
  latencyMs: Percentiles;
}

/** Checks at one width, on both sides. */
export interface CheckCell {
  inFlight: number;
  count: number;
  longturn: CheckRound[];
  plain: CheckRound[];
  /** Checks that did not find the profile logged in, over all rounds; the machine was too slow for the page then. */
  astray: number;
}

type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;
const CHECKED_WITHIN_MS = 180_000;
/** How often the timeline is looked at, in milliseconds. */
const LOOK_MS = 5;

/**
 * Health checks of profiles that are logged in, each lane with a profile of its own; beside Playwright alone that opens the
 * same page twice, as that person and as a stranger, and looks for what only the one and only the other is shown.
 */
export async function measureChecks(
  rounds: number,
  loads: readonly { inFlight: number; count: number }[],
): Promise<CheckCell[]> {
  await using stage = await startAuthStage();
  await using browser = await launchPlain();
  const lanes = Math.max(...loads.map(({ inFlight }) => inFlight));
  const ids = await inLanes(lanes, 4, () => loggedIn(stage));
  const state = await plainState(browser, stage.site);
  const cells = loads.map((load): CheckCell => ({ ...load, longturn: [], plain: [], astray: 0 }));
  // Nothing of the first one counts: it starts what is started once.
  await oneCheck(stage, ids[0] ?? '');
  await plainCheck(browser, stage.site, state);
  for (let round = 0; round < rounds; round += 1) {
    for (const cell of cells) {
      const before = astray(stage, ids);
      await alternate(round, [
        async () => {
          cell.longturn.push(await inRound(cell, (lane) => oneCheck(stage, ids[lane] ?? '')));
        },
        async () => {
          cell.plain.push(await inRound(cell, () => plainCheck(browser, stage.site, state)));
        },
      ]);
      cell.astray += astray(stage, ids) - before;
    }
  }
  return cells;
}

/** So many lanes, each with checks one after another. */
async function inRound(
  { inFlight, count }: CheckCell,
  check: (lane: number) => Promise<void>,
): Promise<CheckRound> {
  const each = Math.ceil(count / inFlight);
  const begin = performance.now();
  const lanes = await inLanes(inFlight, inFlight, async (lane) => {
    const latenciesMs: number[] = [];
    for (let time = 0; time < each; time += 1) {
      const began = performance.now();
      await check(lane);
      latenciesMs.push(performance.now() - began);
    }
    return latenciesMs;
  });
  const perMinute = ((each * inFlight) / (performance.now() - begin)) * 60_000;
  return { perMinute, latencyMs: percentiles(lanes.flat()) };
}

async function loggedIn(stage: AuthStage): Promise<string> {
  const view = await askFirst(stage);
  await answer(stage, view.id, view, PASSWORDS.right);
  const { flow_status } = await stage.auth.ended(view.id, CHECKED_WITHIN_MS);
  if (flow_status !== 'SUCCESS') throw new Error(`The login of ${view.id} has ended as ${flow_status}.`);
  return view.id;
}

/** Asked for over the API; over once the timeline has one more. */
async function oneCheck({ auth, eye }: AuthStage, id: string): Promise<void> {
  const before = total(eye.checks(id));
  const { status, text } = await auth.http.post(`/auth/connections/${id}/check`);
  if (status !== 202) throw new Error(`check of ${id}: ${status} ${text}`);
  await poll(() => total(eye.checks(id)) > before, {
    what: `${id} is checked`,
    timeoutMs: CHECKED_WITHIN_MS,
    everyMs: LOOK_MS,
  });
}

const total = (checks: Map<string, number>) => [...checks.values()].reduce((sum, count) => sum + count, 0);

function astray({ eye }: AuthStage, ids: string[]): number {
  return ids
    .map((id) => eye.checks(id))
    .reduce((sum, checks) => sum + total(checks) - (checks.get('AUTHENTICATED') ?? 0), 0);
}

async function plainState(browser: Browser, site: FakeSite): Promise<StorageState> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.loginUrl(SCENARIO));
  await page.fill('#email', defaultUser.username);
  await page.fill('#password', PASSWORDS.right);
  await page.click('.card button[type=submit]');
  await page.waitForURL(site.homeUrl(SCENARIO));
  const state = await context.storageState();
  await context.close();
  return state;
}

async function plainCheck(browser: Browser, site: FakeSite, storageState: StorageState): Promise<void> {
  await Promise.all([
    shown(browser, site, {}, '#password'),
    shown(browser, site, { storageState }, 'a[href$="/logout"]'),
  ]);
}

async function shown(
  browser: Browser,
  site: FakeSite,
  options: BrowserContextOptions,
  selector: string,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(site.homeUrl(SCENARIO));
  await page.locator(selector).first().waitFor();
  await context.close();
}

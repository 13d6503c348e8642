import { setTimeout as delay } from 'node:timers/promises';
import { startFakeSite } from '../../test/support/fake-site/fake-site.ts';
import { poll } from '../../test/support/poll.ts';
import { freePort } from '../../test/support/processes.ts';
import { inFlight } from '../client/in-flight.ts';
import { chromiumMemory, launchPlain } from '../system/chromium.ts';
import { connectInspector } from '../system/inspector.ts';
import { type Memory, memoryOf } from '../system/process-figures.ts';
import { type AuthStage, askFirst, SCENARIO, startAuthStage } from './auth-stage.ts';
import { type MemoryReading, readMemory } from './parked.ts';

/** What parked logins take, all in all. Memory in KiB. */
export interface ParkedLoginReading {
  parked: number;
  app: MemoryReading;
  engine: Memory;
  chromium: Memory;
  /** Pages in use of Longturn's database, and what of them is parked pages. */
  storeBytes: number;
  parkedBytes: number;
  /** Files of the engine's database. */
  engineBytes: number;
}

export interface ParkedLogins {
  cachedWorkflows: number;
  readings: ParkedLoginReading[];
}

/** Memory of Chromium with so many contexts open, each showing the form; in KiB. */
export interface HotReading {
  contexts: number;
  longturn: Memory & { processes: number };
  plain: Memory & { processes: number };
}

/** Logins that are being opened at once; each has a context until it is parked. */
const WIDTH = 8;
const PARKED_WITHIN_MS = 120_000;
/** How often it is looked whether a login is parked, in milliseconds. */
const LOOK_MS = 50;
/** How long Chromium may come to rest before its memory is read, in milliseconds. */
const REST_MS = 3_000;

/** Memory at some numbers of parked logins, after as many as told have come and gone. */
export async function measureParkedLogins({
  comeAndGone,
  cachedWorkflows,
  parked,
}: {
  comeAndGone: number;
  cachedWorkflows: number;
  parked: readonly number[];
}): Promise<ParkedLogins> {
  const port = await freePort();
  await using stage = await startAuthStage({
    env: { LONGTURN_AUTH_PARK_AFTER_MS: '50', LONGTURN_MAX_CACHED_WORKFLOWS: String(cachedWorkflows) },
    nodeArgs: [`--inspect=127.0.0.1:${port}`],
  });
  using inspector = await connectInspector(port);
  // What the processes keep of busy times is not the price of a parked login.
  await inFlight(comeAndGone, WIDTH, async () => {
    const { id } = await askParked(stage);
    await stage.auth.cancel(id);
  });
  await poll(() => stage.eye.parkedCount() === 0, { what: 'nothing is parked', timeoutMs: PARKED_WITHIN_MS });
  const readings: ParkedLoginReading[] = [];
  for (const total of parked) {
    await inFlight(total - stage.eye.parkedCount(), WIDTH, () => askParked(stage));
    readings.push(await readAll(stage, () => readMemory(stage.system, inspector)));
  }
  return { cachedWorkflows, readings };
}

async function askParked(stage: AuthStage) {
  const view = await askFirst(stage);
  await poll(() => stage.eye.isParked(view.flow_id ?? ''), {
    what: `${view.flow_id} is parked`,
    timeoutMs: PARKED_WITHIN_MS,
    everyMs: LOOK_MS,
  });
  return view;
}

async function readAll(
  { system, eye }: AuthStage,
  readApp: () => Promise<MemoryReading>,
): Promise<ParkedLoginReading> {
  const app = await readApp();
  return {
    parked: eye.parkedCount(),
    app,
    engine: memoryOf(system.enginePid()),
    chromium: chromiumMemory(system.pid('main')),
    storeBytes: eye.storeBytes(),
    parkedBytes: eye.parkedBytes(),
    engineBytes: eye.engineBytes(),
  };
}

/** Memory of Chromium at some numbers of open forms: of Longturn's, which keeps them open, and of Playwright alone. */
export async function measureHotLogins(steps: readonly number[]): Promise<HotReading[]> {
  // One after the other: two Chromiums at once share pages, and each would look smaller than it is.
  const longturn = await hotInLongturn(steps);
  const plain = await hotInPlain(steps);
  const none = { rss: Number.NaN, pss: Number.NaN, processes: 0 };
  return steps.map((contexts, index) => ({
    contexts,
    longturn: longturn[index] ?? none,
    plain: plain[index] ?? none,
  }));
}

async function hotInLongturn(steps: readonly number[]) {
  await using stage = await startAuthStage();
  const readings: HotReading['longturn'][] = [];
  let open = 0;
  for (const contexts of steps) {
    await inFlight(contexts - open, WIDTH, () => askFirst(stage));
    open = contexts;
    await delay(REST_MS);
    readings.push(chromiumMemory(stage.system.pid('main')));
  }
  return readings;
}

async function hotInPlain(steps: readonly number[]) {
  await using site = await startFakeSite();
  await using browser = await launchPlain();
  const readings: HotReading['plain'][] = [];
  let open = 0;
  for (const contexts of steps) {
    await inFlight(contexts - open, WIDTH, async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(site.loginUrl(SCENARIO));
      await page.locator('#password').waitFor();
    });
    open = contexts;
    await delay(REST_MS);
    readings.push(chromiumMemory(process.pid));
  }
  return readings;
}

import type { AuthResults } from '../results.ts';
import { medianOf, pairRatio } from '../statistics.ts';
import type { CheckCell } from '../workloads/auth-checks.ts';
import type { HotReading, ParkedLogins } from '../workloads/auth-memory.ts';
import type { SubmitFigures, SubmitRound } from '../workloads/auth-submits.ts';
import { killTables } from './kill-tables.ts';
import { type Cell, table } from './markdown.ts';

/** Each table with the sentence that says what its numbers contain. */
export function authSections({ submits, checks, hot, parked, kills }: AuthResults): string[] {
  return [
    submits && section('Submit → next frame, 1 in flight', SUBMITS, submitTable(submits)),
    checks && section('Health checks, one worker', CHECKS, checkTable(checks)),
    hot && section('Memory of logins whose page is open', HOT, hotTable(hot)),
    parked && section('Memory of parked logins', PARKED, parkedTable(parked)),
    parked && hot && section('A login that waits: hot or parked', RATIO, ratioTable(hot, parked)),
    kills && section('`kill -9` of the worker that shows a form', KILLS, killTables(kills)),
  ].filter((text) => text !== undefined);
}

const SUBMITS =
  'From the `POST …/submit` to its 202, and to the frame on a stream that was open before. Each login is answered wrongly some ' +
  'times, then rightly. Playwright alone knows the selectors and looks for what it knows will come; Longturn has to find out ' +
  'that the page has stopped changing, and before `SUCCESS` it proves the login in an empty context and saves the profile.';
const CHECKS =
  'From `POST …/check` to the entry in the timeline, each lane with a profile of its own. Playwright alone opens the same page ' +
  'in two new contexts, with the profile and without, and looks for what it knows to be there.';
const HOT =
  'PSS of all processes of Chromium, each context showing the form. Alone: the same page in contexts of Playwright.';
const PARKED =
  'PSS after the garbage was collected (app: worker and API in one process), bytes of the pages that are in use in the databases; ' +
  'each login with a connection and a profile of its own, its workflows and rows included. *Cache*: ' +
  '`LONGTURN_MAX_CACHED_WORKFLOWS`; a parked login has two workflows.';
const RATIO = 'What one more login takes. Parked: worker, API and engine together.';
const KILLS =
  'Until the frame of the new question; another worker was idle, its browser running. A holder that has not heartbeat for ' +
  '1.2 s is looked for, for 0.5 s; the dead worker’s sticky queue is given up after 1 s. Below: what it consists of.';

function section(title: string, about: string, body: string): string {
  return `#### ${title}\n\n${about}\n\n${body}`;
}

function submitTable({ accepted, longturn, plain }: SubmitFigures): string {
  const row = (name: string, rounds: SubmitRound[], kind: 'again' | 'in'): Cell[] => [
    name,
    medianOf(rounds, (round) => round[kind].p50),
    medianOf(rounds, (round) => round[kind].p95),
    rounds === plain ? '' : pairRatio(rounds, plain, (round) => round[kind].p50),
    rounds === plain
      ? ''
      : medianOf(rounds, (round) => round[kind].p50) - medianOf(plain, (round) => round[kind].p50),
  ];
  return table(
    ['answer, side', 'p50 ms', 'p95 ms', 'p50 ÷ alone', 'p50 − alone ms'],
    [
      [
        'any, Longturn: → 202',
        medianOf(accepted, ({ p50 }) => p50),
        medianOf(accepted, ({ p95 }) => p95),
        '',
        '',
      ],
      row('wrong, Longturn: → `AWAITING_INPUT`', longturn, 'again'),
      row('wrong, Playwright alone: → form again', plain, 'again'),
      row('right, Longturn: → `SUCCESS`', longturn, 'in'),
      row('right, Playwright alone: → page behind the login', plain, 'in'),
    ],
  );
}

function checkTable(cells: readonly CheckCell[]): string {
  const rows = cells.flatMap(({ inFlight, longturn, plain, astray }): Cell[][] =>
    [longturn, plain].map((rounds) => [
      `${inFlight}, ${rounds === plain ? 'Playwright alone' : 'Longturn'}`,
      medianOf(rounds, ({ perMinute }) => perMinute),
      medianOf(rounds, ({ latencyMs }) => latencyMs.p50),
      medianOf(rounds, ({ latencyMs }) => latencyMs.p95),
      rounds === plain ? '' : pairRatio(rounds, plain, ({ perMinute }) => perMinute),
      rounds === plain ? '' : String(astray),
    ]),
  );
  return table(
    ['in flight, side', 'checks/min', 'p50 ms', 'p95 ms', 'checks/min ÷ alone', 'not found logged in'],
    rows,
  );
}

function hotTable(readings: readonly HotReading[]): string {
  const rows = readings.flatMap(({ contexts, longturn, plain }, index): Cell[][] =>
    (['longturn', 'plain'] as const).map((side) => {
      const memory = side === 'plain' ? plain : longturn;
      const before = readings[index - 1];
      return [
        `${contexts}, ${side === 'plain' ? 'Playwright alone' : 'Longturn'}`,
        memory.pss / 1_024,
        memory.rss / 1_024,
        String(memory.processes),
        before ? hotEachKib([before, { contexts, longturn, plain }], side) / 1_024 : '',
      ];
    }),
  );
  return table(['open, side', 'PSS MiB', 'RSS MiB', 'processes', 'PSS MiB a login more'], rows);
}

/** Of the last reading against the first, in KiB. */
function hotEachKib(readings: readonly HotReading[], side: 'longturn' | 'plain'): number {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last) return Number.NaN;
  return (last[side].pss - first[side].pss) / (last.contexts - first.contexts);
}

function parkedTable(series: readonly ParkedLogins[]): string {
  const rows = series.flatMap(({ cachedWorkflows, readings }) =>
    readings.map((reading, index): Cell[] => {
      const { parked, app, engine, chromium, storeBytes, engineBytes } = reading;
      const before = readings[index - 1];
      const more = before ? perLogin([before, reading]) : undefined;
      return [
        String(cachedWorkflows),
        String(parked),
        ...[app.pss, engine.pss, chromium.pss].map((kib) => kib / 1_024),
        ...[storeBytes, engineBytes].map((bytes) => bytes / 1_048_576),
        ...(more
          ? [more.appKib, more.heapKib, more.engineKib, more.storeKib, more.sealedKib, more.engineStoreKib]
          : ['', '', '', '', '', '']),
      ];
    }),
  );
  return table(
    [
      'cache',
      'parked',
      'app MiB',
      'engine MiB',
      'Chromium MiB',
      'store MiB',
      "engine's store MiB",
      'a login more: app KiB',
      'of it heap KiB',
      'engine KiB',
      'store KiB',
      'of it the parked page KiB',
      "engine's store KiB",
    ],
    rows,
  );
}

/** What one more parked login takes, of the last reading against the first, in KiB. */
function perLogin(readings: ParkedLogins['readings']) {
  const [first, last] = [readings[0], readings.at(-1)];
  type Reading = NonNullable<typeof first>;
  const each = (pick: (reading: Reading) => number) =>
    first && last ? (pick(last) - pick(first)) / (last.parked - first.parked) : Number.NaN;
  return {
    appKib: each(({ app }) => app.pss),
    heapKib: each(({ app }) => app.heap),
    engineKib: each(({ engine }) => engine.pss),
    storeKib: each(({ storeBytes }) => storeBytes / 1_024),
    sealedKib: each(({ parkedBytes }) => parkedBytes / 1_024),
    engineStoreKib: each(({ engineBytes }) => engineBytes / 1_024),
  };
}

function ratioTable(hot: readonly HotReading[], parked: readonly ParkedLogins[]): string {
  const hotKib = hotEachKib(hot, 'longturn');
  const rows = parked.map(({ cachedWorkflows, readings }): Cell[] => {
    const { appKib, engineKib } = perLogin(readings);
    const parkedKib = appKib + engineKib;
    return [`parked, cache of ${cachedWorkflows}`, parkedKib / 1_024, hotKib / parkedKib];
  });
  return table(['login', 'PSS MiB', 'hot ÷ this'], [['hot', hotKib / 1_024, ''], ...rows]);
}

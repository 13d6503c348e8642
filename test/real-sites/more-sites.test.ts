import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSystem } from '../support/system.ts';
import { startAirflow } from './support/airflow.ts';
import { startCas } from './support/cas.ts';
import { startNodeRed } from './support/node-red.ts';
import { createReal, hostOf, type RealSystem } from './support/real-stage.ts';
import { type ResultRow, toTable, writeResults } from './support/results.ts';
import type { SmallSite } from './support/small-site.ts';
import { visitorAt } from './support/visitor.ts';

/** Also for a machine that has other things to do. */
const CASE_TIMEOUT_MS = 300_000;
const STARTS = { airflow: startAirflow, 'node-red': startNodeRed, cas: startCas };
type SiteName = keyof typeof STARTS;
const NAMES = Object.keys(STARTS) as SiteName[];

const running = new AsyncDisposableStack();
const sites = new Map<SiteName, SmallSite>();
const rows: ResultRow[] = [];
let usual: RealSystem;

beforeAll(async () => {
  const keep = async (name: SiteName) => sites.set(name, running.use(await STARTS[name]()));
  const started = await Promise.allSettled(NAMES.map(keep));
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  const allow = [...sites.values()].map(({ origin }) => hostOf(origin)).join(',');
  const env = { LONGTURN_BROWSER_ALLOW: allow, LONGTURN_RATE_LIMIT: '0' };
  usual = createReal(running.use(await startSystem({ env })));
}, 1_200_000);

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  process.stderr.write(`\n${toTable(rows)}\n\n`);
  const isWhole =
    rows.length === NAMES.length * FLOWS.length && !rows.some(({ result }) => result === 'FAILED');
  if (!isWhole || process.env['LONGTURN_WRITE_RESULTS'] !== '1') return;
  const list = [...sites.values()].map(({ name }) => name).join(', ');
  const day = new Date().toISOString().slice(0, 10);
  const introduction =
    `${list}, by the same command on ${day}, one flow after another. Airflow's own page sends a login that was refused once more ` +
    'by itself, so a wrong password counts twice there.';
  writeResults(rows, { name: 'more-sites', introduction });
}, 60_000);

/** A flow on one site; returns the result in a few words. `posts`: how many login forms the site must be sent. */
interface SmallFlow {
  name: string;
  posts(site: SmallSite): number;
  run(site: SmallSite): Promise<string>;
}

const asksForBoth = [
  ['username', 'identifier'],
  ['password', 'password'],
];

const FLOWS: readonly SmallFlow[] = [
  {
    name: 'wrong password, then the right one',
    posts: ({ postsOfRefusal }) => postsOfRefusal + 1,
    async run({ loginUrl, user, complaint }) {
      const visitor = await visitorAt(usual, loginUrl);
      const question = await visitor.begin();
      expect(question.fields?.map(({ ref, type }) => [ref, type])).toEqual(asksForBoth);
      const again = await visitor.answer(question, { ...user, password: 'not this one' });
      expect(again.website_error).toMatch(complaint);
      expect(again.fields?.map(({ reason }) => reason)).toEqual(['rejected', 'rejected']);
      await visitor.finish(again, user);
      return 'asked again with the complaint, then logged in';
    },
  },
  {
    name: 'from a stored credential; then a check, and a login that still holds',
    posts: () => 1,
    async run({ origin, loginUrl, user }) {
      const name = await usual.credential(origin, user);
      const visitor = await visitorAt(usual, loginUrl, { credential: { name } });
      await visitor.loginUnasked();
      expect((await visitor.check()).status).toBe('AUTHENTICATED');
      await visitor.loginUnasked();
      return 'nobody asked';
    },
  },
];

describe.each(NAMES)('A person gets into %s, which nobody here wrote', (siteName) => {
  it.each(FLOWS.map((flow) => [flow.name, flow] as const))(
    '%s',
    async (_name, flow) => {
      const site = sites.get(siteName);
      if (!site) throw new Error(`${siteName} is not there`);
      const row: ResultRow = { site: site.name, flow: flow.name, result: 'FAILED', seconds: 0, posts: 0 };
      rows.push(row);
      const before = site.loginPosts();
      const startedAt = performance.now();
      try {
        row.result = await flow.run(site);
      } finally {
        row.seconds = (performance.now() - startedAt) / 1_000;
        row.posts = site.loginPosts() - before;
      }
      expect(row.posts).toBe(flow.posts(site));
    },
    CASE_TIMEOUT_MS,
  );
});

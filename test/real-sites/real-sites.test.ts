import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGate } from '../support/auth-matrix.ts';
import { DJANGO_PASSWORDS } from './cases/django-passwords.ts';
import { KEYCLOAK_CODES } from './cases/keycloak-codes.ts';
import { KEYCLOAK_PASSWORDS } from './cases/keycloak-passwords.ts';
import { LOGGED_OUT_ELSEWHERE } from './cases/logged-out-elsewhere.ts';
import { NEW_PROCESS } from './cases/new-process.ts';
import { PARKED } from './cases/parked.ts';
import { interleaved, type Lane, postsOf, type RealCase } from './support/real-case.ts';
import { type RealStage, startRealStage } from './support/real-stage.ts';
import { type ResultRow, toTable, writeResults } from './support/results.ts';

/** Also for the time in which a case waits for its lane. */
const CASE_TIMEOUT_MS = 600_000;

const SIDE_BY_SIDE: readonly RealCase[] = [
  ...KEYCLOAK_PASSWORDS,
  ...LOGGED_OUT_ELSEWHERE,
  ...KEYCLOAK_CODES,
  ...DJANGO_PASSWORDS,
  ...PARKED,
];

const lanes: Record<Lane, ReturnType<typeof createGate>> = {
  demo: createGate(1),
  other: createGate(1),
  first: createGate(1),
  django: createGate(1),
};
const rows = new Map<RealCase, ResultRow>();
let stage: RealStage;

beforeAll(async () => {
  stage = await startRealStage();
}, 600_000);

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  const all = [...SIDE_BY_SIDE, ...NEW_PROCESS];
  const inOrder = all.flatMap((one) => rows.get(one) ?? []);
  process.stderr.write(`\n${toTable(inOrder)}\n\n`);
  const isWhole = inOrder.length === all.length;
  if (isWhole && process.env['LONGTURN_WRITE_RESULTS'] === '1') writeResults(inOrder);
}, 60_000);

/** Runs a case alone in its lane, and notes what came of it. */
function play(one: RealCase): Promise<void> {
  return lanes[one.lane](async () => {
    const postsBefore = postsOf(stage, one.lane);
    const startedAt = performance.now();
    const note = (result: string) => {
      const seconds = (performance.now() - startedAt) / 1_000;
      const posts = postsOf(stage, one.lane) - postsBefore;
      rows.set(one, { site: one.site, flow: one.flow, result, seconds, posts });
      process.stderr.write(`[real-sites] ${seconds.toFixed(1)} s, ${one.site}, ${one.flow}: ${result}\n`);
      return posts;
    };
    try {
      const result = await one.run(stage);
      expect(note(result)).toBe(one.posts);
    } catch (error) {
      note('FAILED');
      throw error;
    }
  });
}

const named = (cases: readonly RealCase[]) => cases.map((one) => [`${one.site}: ${one.flow}`, one] as const);

describe('A person gets into a site that nobody here wrote', () => {
  it.concurrent.each(named(interleaved(SIDE_BY_SIDE)))('%s', (_name, one) => play(one), CASE_TIMEOUT_MS);
});

describe('A login outlives the browser', () => {
  it.each(named(NEW_PROCESS))('%s', (_name, one) => play(one), CASE_TIMEOUT_MS);
});

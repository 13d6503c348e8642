import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Choice, ManagedAuth } from '../../../src/contract/auth/index.ts';
import { answerAll, type Person } from '../../support/auth-person.ts';
import { appCode, useAuthStage } from '../../support/auth-stage.ts';
import type { FrameJson } from '../../support/auth-stream.ts';
import { openFaultyClient } from '../../support/faulty-client/faulty-client.ts';
import { EVENT_KEYS } from '../../support/faulty-client/screen.ts';
import { sizedCases } from '../../support/full-size.ts';
import { pause } from '../../support/poll.ts';

const stage = useAuthStage();

const contoso = (choices: Choice[], view: ManagedAuth) =>
  view.sso_provider ? undefined : choices.find(({ label }) => /contoso/i.test(label));

/** Everything that a stream and GETs beside it show of one login. */
async function watchLogin(
  scenario: string,
  person: Person,
): Promise<{ frames: FrameJson[]; gets: ManagedAuth[]; questions: ManagedAuth[] }> {
  const { auth } = stage();
  const connection = await stage().connect(scenario);
  const gets = [await auth.get(connection.id)];
  await auth.login(connection.id);
  const stream = await auth.stream(connection.id);
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      gets.push(await auth.get(connection.id));
      await pause(40);
    }
  })();
  const { end, questions } = await answerAll(auth, connection.id, person);
  expect(end.flow_status).toBe('SUCCESS');
  await stream.ended;
  isOver = true;
  await looking;
  gets.push(await auth.get(connection.id));
  return { frames: stream.states(), gets, questions };
}

/** What of a GET a frame speaks of. */
function flowPart(state: Record<string, unknown>): Record<string, unknown> {
  const part = Object.fromEntries([...EVENT_KEYS, 'sso_provider'].map((key) => [key, state[key] ?? null]));
  // Beside a login that goes on, GET shows where the connection's last one ended.
  return state['flow_status'] === 'IN_PROGRESS' ? { ...part, post_login_url: null } : part;
}

describe('A page of a provider', () => {
  it('R3.1 R3.2 R3.3 is told in every frame, only while it is shown, and in words that every client shows', async () => {
    const { frames, questions } = await watchLogin('sso', { ...stage().person(), choose: contoso });
    for (const frame of frames) expect(Object.keys(frame)).toContain('sso_provider');
    const [own, theirs] = questions;
    expect(own).toMatchObject({ flow_step: 'AWAITING_INPUT', sso_provider: null });
    expect(own?.pending_sso_buttons?.map(({ provider }) => provider)).toEqual(
      expect.arrayContaining(['google', expect.stringMatching(/contoso/i)]),
    );
    expect(theirs).toMatchObject({
      flow_step: 'AWAITING_INPUT',
      sso_provider: expect.stringMatching(/contoso/i),
    });
    const words = JSON.stringify([
      theirs?.fields,
      theirs?.discovered_fields,
      theirs?.external_action_message,
    ]);
    expect(words).toMatch(new RegExp(`contoso|${stage().site.ssoHost}`, 'i'));
    expect(JSON.stringify(theirs?.discovered_fields)).toMatch(
      new RegExp(`contoso|${stage().site.ssoHost}`, 'i'),
    );
    expect(frames.at(-1)).toMatchObject({ flow_status: 'SUCCESS', sso_provider: null });
    const attempts = stage().site.attempts('sso');
    expect(attempts.map(({ step, correct }) => [step, correct])).toEqual([['password', true]]);
  }, 90_000);

  it('R3.3 does not leave a page behind that keeps the provider of its first GET', async () => {
    const { auth, system } = stage();
    const person = stage().person();
    const connection = await stage().connect('sso');
    const login = await auth.login(connection.id);
    const view = await auth.asked(connection.id);
    const page = openFaultyClient({
      baseUrl: system.baseUrl,
      sessionId: connection.id,
      handoffCode: login.handoff_code ?? '',
    });
    await page.until('form');
    const button = view.pending_sso_buttons?.find(({ label }) => /contoso/i.test(label));
    expect(await page.submit({ sso_button_selector: button?.selector ?? '' })).toBe(202);
    const theirs = await auth.asked(connection.id, view.interaction_id);
    expect(page.state()?.sso_provider ?? null).toBeNull();
    const names = theirs.discovered_fields?.map(({ name }) => name) ?? [];
    const values = names.map((name, index) => [name, index === 0 ? person.username : person.password]);
    expect(await page.submit({ fields: Object.fromEntries(values) as Record<string, string> })).toBe(202);
    await page.until('success');
    expect(page.callbacks).toEqual({ success: 1, error: [] });
  }, 90_000);

  it('R3.4 a frame laid over any earlier snapshot is what GET shows at that revision', async () => {
    const logins = sizedCases<[string, Partial<Person>]>(
      [
        ['sso', { choose: contoso }],
        ['push', { elsewhere: () => stage().site.approvePush() }],
      ],
      [['totp', { code: () => appCode() }]],
    );
    const seen = await Promise.all(
      logins.map(([scenario, does]) => watchLogin(scenario, { ...stage().person(), ...does })),
    );
    const snapshots = seen.flatMap(({ gets }) => gets);
    const pairs = seen.flatMap(({ frames, gets }) =>
      frames.flatMap((frame) =>
        gets.filter(({ revision }) => revision === frame.revision).map((get) => ({ frame, get })),
      ),
    );
    expect(pairs.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(fc.constantFrom(...snapshots), fc.constantFrom(...pairs), (earlier, { frame, get }) => {
        const merged = { ...earlier, ...flowPart(frame) };
        expect(flowPart(merged)).toEqual(flowPart({ ...get }));
      }),
      { numRuns: 500 },
    );
    for (const { frames, gets } of seen) {
      const revisions = frames.map(({ revision }) => revision ?? 0);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      for (const [index, get] of gets.entries()) {
        expect(get.revision ?? 0).toBeGreaterThanOrEqual(gets[index - 1]?.revision ?? 0);
      }
    }
  }, 120_000);
});

import { describe, expect, it } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { bodyFor } from '../../support/auth-person.ts';
import { useAuthStage } from '../../support/auth-stage.ts';
import { openFaultyClient } from '../../support/faulty-client/faulty-client.ts';
import { isFullSize, itInFull } from '../../support/full-size.ts';
import type { Answer } from '../../support/http-client.ts';
import { pause } from '../../support/poll.ts';

const INPUT_TIMEOUT_MS = 6_000;
/** Two sockets are read in no certain order. */
const SAME_TIME_MS = 50;

const stage = useAuthStage({
  parts: ['engine', 'worker', 'api'],
  env: { LONGTURN_AUTH_INPUT_TIMEOUT_MS: String(INPUT_TIMEOUT_MS) },
});

function claimsOf(jwt: string): { exp: number; iss?: string } {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
}

/** A login that asks, a stream of it, and a page. */
async function waitingPage() {
  const { auth, system } = stage();
  const connection = await stage().connect('combined');
  const login = await auth.login(connection.id);
  const page = openFaultyClient({
    baseUrl: system.baseUrl,
    sessionId: connection.id,
    handoffCode: login.handoff_code ?? '',
  });
  const stream = await auth.stream(connection.id);
  const view = await auth.asked(connection.id);
  return { connection, login, page, stream, view, askedAtMs: performance.now() };
}

describe('Expiry', () => {
  it.concurrent('R2.1 the EXPIRED frame comes at the deadline, without any request', async () => {
    const { page, stream, askedAtMs } = await waitingPage();
    const state = await stream.until('EXPIRED', ({ flow_status }) => flow_status === 'EXPIRED', 15_000);
    const waitedMs = performance.now() - askedAtMs;
    expect(waitedMs).toBeGreaterThan(INPUT_TIMEOUT_MS - 1_500);
    expect(waitedMs).toBeLessThan(INPUT_TIMEOUT_MS + 3_000);
    expect(state).toMatchObject({
      flow_step: 'COMPLETED',
      error_code: 'awaiting_input_timeout',
      interaction_id: null,
      fields: null,
      discovered_fields: null,
    });
    expect(await stream.ended).toBe('end');
    await page.until('expired');
    expect(page.callbacks.error).toHaveLength(1);
  });

  it('R2.2 R2.3 a submit after the deadline is 410 session_expired, also when the worker slept over it, and the EXPIRED frame is out before', async () => {
    const { auth, system } = stage();
    const { connection, page, stream, view } = await waitingPage();
    const person = stage().person();
    system.pause('worker');
    let late: Promise<Answer<{ code?: string }>>;
    let answeredAtMs = 0;
    try {
      await pause(INPUT_TIMEOUT_MS + 1_500);
      late = auth.submit(connection.id, bodyFor(view, person)).then((answer) => {
        answeredAtMs = performance.now();
        return answer;
      });
      const byPage = page.submit(bodyFor(view, person));
      await pause(1_000);
      system.resume('worker');
      expect(await byPage).toBe(410);
    } finally {
      system.resume('worker');
    }
    const answer = await late;
    expect([answer.status, answer.body.code]).toEqual([410, 'session_expired']);
    await stream.ended;
    const expired = stream.frames.find(({ json }) => json.flow_status === 'EXPIRED');
    expect((expired?.atMs ?? Number.NaN) - answeredAtMs).toBeLessThan(SAME_TIME_MS);
    await page.until('expired');
    expect(page.callbacks.error).toHaveLength(1);
    expect(
      stage()
        .site.attempts('combined')
        .filter(({ user }) => user === person.username),
    ).toEqual([]);
  }, 120_000);

  it('R2.2 around the deadline a submit is either taken and acted on, or refused behind the EXPIRED frame', async () => {
    const { auth } = stage();
    const outcomes = await Promise.all(
      (isFullSize() ? [-400, -150, 0, 150, 400] : [-400, 0, 400]).map(async (offsetMs) => {
        const { connection, stream, view, askedAtMs, page } = await waitingPage();
        page.unmount();
        await pause(askedAtMs + INPUT_TIMEOUT_MS + offsetMs - performance.now());
        const answer = await auth.submit(connection.id, bodyFor(view, stage().person()));
        const answeredAtMs = performance.now();
        if (answer.status === 202) {
          const end = await auth.ended(connection.id);
          expect(end.flow_status).toBe('SUCCESS');
        } else {
          expect([answer.status, answer.body.code]).toEqual([410, 'session_expired']);
          await stream.ended;
          const expired = stream.frames.find(({ json }) => json.flow_status === 'EXPIRED');
          expect((expired?.atMs ?? Number.NaN) - answeredAtMs).toBeLessThan(SAME_TIME_MS);
        }
        return answer.status;
      }),
    );
    expect(outcomes.at(-1)).toBe(410);
  }, 120_000);

  it.concurrent('R2.4 the session outlives the flow: GET, a stream and a submit with its JWT tell the end', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const jwt = await auth.jwt(login);
    expect(claimsOf(jwt).exp * 1_000).toBeGreaterThan(Date.parse(login.flow_expires_at));
    const session = auth.as(jwt);
    await auth.asked(connection.id);
    await auth.ended(connection.id);
    expect(await session.get(connection.id)).toMatchObject({ flow_status: 'EXPIRED' });
    const late = await session.submit(connection.id, { fields: { username: 'x' } });
    expect([late.status, late.body.code]).toEqual([410, 'session_expired']);
    const stream = await session.stream(connection.id);
    expect(await stream.ended).toBe('end');
    expect(stream.states()).toMatchObject([{ flow_status: 'EXPIRED' }]);
  });

  itInFull.concurrent(
    'R2.5 an answer to a question that was replaced is refused with stale_interaction',
    async () => {
      const { auth } = stage();
      const { connection, view, page } = await waitingPage();
      page.unmount();
      const person = stage().person();
      await auth.submit(connection.id, bodyFor(view, { ...person, password: 'falsch' }));
      const again: ManagedAuth = await auth.asked(connection.id, view.interaction_id);
      const late = await auth.submit(connection.id, bodyFor(view, person));
      expect([late.status, late.body.code]).toEqual([400, 'stale_interaction']);
      const right = await auth.submit(connection.id, bodyFor(again, person));
      expect(right.status).toBe(202);
      expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
    },
  );

  it.concurrent('a login that nobody answers leaves the profile as it was and may be begun anew', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    await auth.login(connection.id);
    await auth.asked(connection.id);
    expect(await auth.ended(connection.id)).toMatchObject({ status: 'NEEDS_AUTH', flow_status: 'EXPIRED' });
    const download = await auth.http.get(`/profiles/${connection.profile_name}/download`);
    expect([download.status, download.text]).toEqual([202, '']);
    const next = await auth.login(connection.id);
    expect((await auth.asked(connection.id)).flow_id).toBe(next.flow_id);
  });
});

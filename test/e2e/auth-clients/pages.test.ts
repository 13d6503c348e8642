import { describe, expect, it } from '@jest/globals';
import { legacyBodyFor, type Person } from '../../support/auth-person.ts';
import { appCode, useAuthStage } from '../../support/auth-stage.ts';
import { type FaultyClient, openFaultyClient } from '../../support/faulty-client/faulty-client.ts';
import { itInFull } from '../../support/full-size.ts';
import { poll } from '../../support/poll.ts';

const stage = useAuthStage();

async function openPage(scenario: string): Promise<{ page: FaultyClient; id: string }> {
  const connection = await stage().connect(scenario);
  const login = await stage().auth.login(connection.id);
  const page = openFaultyClient({
    baseUrl: stage().system.baseUrl,
    sessionId: connection.id,
    handoffCode: login.handoff_code ?? '',
    strictMode: true,
    backoffMs: 20,
  });
  return { page, id: connection.id };
}

/** Answers every form; the stream breaks behind each submit that was accepted. */
async function answerForms(page: FaultyClient, person: Person): Promise<void> {
  let last: unknown;
  for (;;) {
    await poll(
      () =>
        ['success', 'error', 'expired'].includes(page.screen()) ||
        (page.screen() === 'form' && page.state()?.['interaction_id'] !== last),
      { what: 'a new form or the end', timeoutMs: 40_000, explain: () => page.screens.join(' → ') },
    );
    if (page.screen() !== 'form') return;
    last = page.state()?.['interaction_id'];
    const status = await page.submit(legacyBodyFor(page.state() as never, person));
    expect(status).toBe(202);
    page.dropStream();
  }
}

describe('A page with all the faults of its kind', () => {
  it.concurrent('ends at "connected" after two questions, however often its stream breaks', async () => {
    const { page } = await openPage('totp');
    await answerForms(page, { ...stage().person(), code: () => appCode() });
    expect(page.screen()).toBe('success');
    expect(page.callbacks).toEqual({ success: 1, error: [] });
    expect(page.screens.filter((screen) => screen === 'form')).toHaveLength(2);
    expect(page.streamsOpened()).toBeGreaterThan(2);
  }, 120_000);

  itInFull.concurrent(
    'asks again after a wrong password, with the complaint in the hint that it shows, and ends at "connected"',
    async () => {
      const { page } = await openPage('combined');
      const person = stage().person();
      const state = await page.until('form');
      await page.submit(legacyBodyFor(state as never, { ...person, password: 'falsch' }));
      const again = await poll(
        () =>
          page.screen() === 'form' &&
          page.state()?.['interaction_id'] !== state['interaction_id'] &&
          page.state(),
        { what: 'the form is back', timeoutMs: 30_000, explain: () => page.screens.join(' → ') },
      );
      expect(JSON.stringify(again['discovered_fields'])).toContain('Invalid e-mail address or password');
      await answerForms(page, person);
      expect(page.callbacks).toEqual({ success: 1, error: [] });
    },
    120_000,
  );

  itInFull.concurrent(
    'waits for what is approved elsewhere and ends at "connected"',
    async () => {
      const { page } = await openPage('push');
      const state = await page.until('form');
      const person = stage().person();
      await page.submit(legacyBodyFor(state as never, person));
      const external = await page.until('external');
      expect(external['external_action_message']).toMatch(/phone/i);
      page.dropStream();
      // A browser that was lost on the way, on a machine that is short of breath, makes the page ask once more.
      await poll(
        async () => {
          if (page.screen() === 'external') stage().site.approvePush();
          if (page.screen() === 'form') await page.submit(legacyBodyFor(page.state() as never, person));
          return page.screen() === 'success';
        },
        {
          what: 'the page shows "success"',
          timeoutMs: 60_000,
          everyMs: 250,
          explain: () => page.screens.join(' → '),
        },
      );
      expect(page.callbacks).toEqual({ success: 1, error: [] });
    },
    120_000,
  );

  it.concurrent('ends at the error screen, once, when the login cannot be done or is canceled', async () => {
    const [blocked, canceled] = await Promise.all([openPage('blocked'), openPage('combined')]);
    await blocked.page.until('error', 45_000);
    expect(blocked.page.callbacks).toMatchObject({ success: 0, error: [{ code: 'bot_detected' }] });
    await canceled.page.until('form');
    await stage().auth.cancel(canceled.id);
    await canceled.page.until('error');
    expect(canceled.page.callbacks).toMatchObject({ success: 0, error: [expect.anything()] });
  }, 120_000);
});

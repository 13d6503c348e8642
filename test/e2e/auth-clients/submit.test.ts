import { describe, expect, it } from '@jest/globals';
import { bodyFor, legacyBodyFor } from '../../support/auth-person.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';
import { openFaultyClient } from '../../support/faulty-client/faulty-client.ts';

const stage = useAuthStage({ parts: ['engine', 'worker', 'api', 'api2'] });

describe('A submit', () => {
  it.concurrent('R4.1 is accepted only once every GET and every new stream of every instance shows a higher revision', async () => {
    const { auth, system } = stage();
    const second = auth.at(system.urlOf('api2'));
    await Promise.all(
      ['slow', 'combined', 'slow'].map(async (scenario) => {
        const connection = await stage().connect(scenario);
        const view = await askedBy(stage(), connection);
        const before = view.revision ?? 0;
        const person = stage().person();
        const answer = await auth.submit(connection.id, bodyFor(view, person));
        expect(answer.status).toBe(202);
        const gets = Array.from({ length: 6 }, (_, n) => (n % 2 ? auth : second).get(connection.id));
        const streams = [auth, second, auth].map((each) => each.stream(connection.id));
        for (const seen of await Promise.all(gets)) {
          expect(seen.revision).toBeGreaterThan(before);
          expect(seen.interaction_id).not.toBe(view.interaction_id);
          expect(seen.flow_step).not.toBe('AWAITING_INPUT');
        }
        for (const stream of await Promise.all(streams)) {
          const first = await stream.until('a state', () => true);
          expect(first.revision).toBeGreaterThan(before);
          stream.close();
        }
        expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
      }),
    );
  }, 120_000);

  it.concurrent('R4.1 is not undone for a page whose stream drops right behind it', async () => {
    const { auth, system } = stage();
    const connection = await stage().connect('slow');
    const login = await auth.login(connection.id);
    const page = openFaultyClient({
      baseUrl: system.urlOf('api2'),
      sessionId: connection.id,
      handoffCode: login.handoff_code ?? '',
      backoffMs: 10,
    });
    const state = await page.until('form');
    const person = stage().person();
    expect(await page.submit(legacyBodyFor(state as never, person))).toBe(202);
    for (let n = 0; n < 5; n += 1) page.dropStream();
    await page.until('success');
    expect(page.screens.filter((screen) => screen === 'form')).toHaveLength(1);
    expect(page.callbacks).toEqual({ success: 1, error: [] });
  });

  it.concurrent('R4.2 revisions only grow, in each stream, over instances and over reconnects', async () => {
    const { auth, system } = stage();
    const connection = await stage().connect('combined');
    const person = stage().person();
    const view = await askedBy(stage(), connection);
    const streams = await Promise.all(
      [auth, auth.at(system.urlOf('api2'))].map((each) => each.stream(connection.id)),
    );
    await auth.submit(connection.id, bodyFor(view, { ...person, password: 'falsch' }));
    const again = await auth.asked(connection.id, view.interaction_id);
    await auth.submit(connection.id, bodyFor(again, person));
    await Promise.all(streams.map(({ ended }) => ended));
    for (const stream of streams) {
      const revisions = stream.states().map(({ revision }) => revision ?? 0);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      expect(stream.states().at(-1)?.flow_status).toBe('SUCCESS');
    }
    const late = await auth.stream(connection.id);
    await late.ended;
    expect(late.states()[0]?.revision).toBe(streams[0]?.states().at(-1)?.revision);
  });

  it.concurrent('R4.3 of many answers to one question, over two instances, one is taken and the site sees one', async () => {
    const { auth, system, site } = stage();
    const second = auth.at(system.urlOf('api2'));
    const connection = await stage().connect('slow');
    const person = stage().person();
    const view = await askedBy(stage(), connection);
    const bodies = Array.from({ length: 12 }, (_, n) =>
      bodyFor(view, { ...person, password: n === 0 ? person.password : `${person.password}${n}` }),
    );
    const answers = await Promise.all(
      bodies.map((body, n) => (n % 2 ? auth : second).submit(connection.id, body)),
    );
    const taken = answers.filter(({ status }) => status === 202);
    expect(taken).toHaveLength(1);
    for (const { status, body } of answers.filter((each) => each.status !== 202)) {
      expect([status, body.code]).toEqual([400, 'stale_interaction']);
    }
    await auth.until(
      connection.id,
      'the answer of the site',
      ({ flow_status, interaction_id }) => flow_status !== 'IN_PROGRESS' || interaction_id !== null,
    );
    const mine = site.attempts('slow').filter(({ user }) => user === person.username);
    expect(mine).toHaveLength(1);
    await auth.cancel(connection.id);
  });

  it.concurrent('R4.4 a question that comes back has a new id and says why: rejected, the complaint, a hint', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const person = stage().person();
    const view = await askedBy(stage(), connection);
    expect(view.fields?.map(({ reason }) => reason)).toEqual(['missing', 'missing']);
    await auth.submit(connection.id, bodyFor(view, { ...person, password: 'falsch' }));
    const again = await auth.asked(connection.id, view.interaction_id);
    expect(again.interaction_id).not.toBe(view.interaction_id);
    expect(again.website_error).toContain('Invalid e-mail address or password');
    const password = again.fields?.find(({ ref }) => ref === 'password');
    expect(password).toMatchObject({
      reason: 'rejected',
      hint: expect.stringContaining('Invalid e-mail address or password'),
    });
    const legacy = again.discovered_fields?.find(({ type }) => type === 'password');
    expect(legacy?.hint).toContain('Invalid e-mail address or password');

    const old = await auth.submit(connection.id, bodyFor(view, person));
    expect([old.status, old.body.code]).toEqual([400, 'stale_interaction']);
    expect((await auth.get(connection.id)).interaction_id).toBe(again.interaction_id);
    await auth.submit(connection.id, bodyFor(again, person));
    expect((await auth.ended(connection.id)).flow_status).toBe('SUCCESS');
    const mine = stage()
      .site.attempts('combined')
      .filter(({ user }) => user === person.username);
    expect(mine.map(({ correct }) => correct)).toEqual([false, true]);
  });
});

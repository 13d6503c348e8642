import { describe, expect, it } from '@jest/globals';
import { HeartbeatFrame, ManagedAuth, StateFrame } from '../../../src/contract/auth/index.ts';
import { answerAll, bodyFor } from '../../support/auth-person.ts';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';
import { poll } from '../../support/poll.ts';

const stage = useAuthStage();

const waitPath = (id: string, query: string) => `/auth/connections/${id}/wait?${query}`;

describe('The ways to look at a flow', () => {
  it.concurrent('frames: LF only, one event and one data line, the kind in both, a full snapshot with explicit nulls', async () => {
    const { auth } = stage();
    const connection = await stage().connect('totp');
    const login = await auth.login(connection.id);
    const stream = await auth.stream(connection.id);
    expect(stream.status).toBe(200);
    expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(stream.headers['x-sse-content-type']).toBe('application/json');
    expect(stream.headers['cache-control']).toMatch(/no-cache|no-store/);
    expect(stream.headers['cache-control']).toMatch(/no-transform/);
    expect(stream.headers['x-accel-buffering']).toBe('no');
    await auth.asked(connection.id);
    await auth.cancel(connection.id);
    expect(await stream.ended).toBe('end');
    expect(stream.raw()).not.toContain('\r');
    for (const { lines, json, event } of stream.frames) {
      const said = lines.filter((line) => !line.startsWith(':') && !line.startsWith('id: '));
      expect(said).toEqual([`event: ${event}`, `data: ${JSON.stringify(json)}`]);
      expect(json.event).toBe(event);
      expect(json.flow_id).toBe(login.flow_id);
      // A login that takes longer than 15 s has heartbeats too.
      const kind = event === 'sse_heartbeat' ? HeartbeatFrame : StateFrame;
      expect(Object.keys(json).toSorted()).toEqual(Object.keys(kind.shape).toSorted());
      expect(kind.safeParse(json).error).toBeUndefined();
    }
    expect(ManagedAuth.safeParse(await auth.get(connection.id)).error).toBeUndefined();
  });

  it.concurrent('heartbeats come every 15 s with the id of the flow', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const { flow_id } = await auth.login(connection.id);
    const stream = await auth.stream(connection.id);
    const beat = await poll(() => stream.frames.find(({ event }) => event === 'sse_heartbeat'), {
      what: 'a heartbeat',
      timeoutMs: 20_000,
    });
    expect(HeartbeatFrame.parse(beat.json)).toMatchObject({ flow_id });
    await auth.cancel(connection.id);
    await stream.ended;
  });

  it.concurrent('login answers the id of the flow that GET shows from then on', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    for (let round = 0; round < 3; round += 1) {
      const login = await auth.login(connection.id);
      const view = await auth.get(connection.id);
      expect(view).toMatchObject({
        flow_id: login.flow_id,
        flow_status: 'IN_PROGRESS',
        flow_type: 'LOGIN',
        flow_expires_at: login.flow_expires_at,
      });
      expect((await auth.cancel(connection.id)).status).toBe(200);
    }
  });

  it('wait: returns when a revision is exceeded, at the end without one, and 200 when nothing came', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const view = await askedBy(stage(), connection);
    const { revision = 0 } = view as { revision?: number };
    const started = performance.now();
    const idle = await auth.http.get<ManagedAuth>(
      waitPath(connection.id, `timeout=1&after_revision=${revision}`),
    );
    expect(idle.status).toBe(200);
    expect(idle.body).toMatchObject({ revision, flow_step: 'AWAITING_INPUT' });
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(3_000);

    const passed = await auth.http.get<ManagedAuth>(waitPath(connection.id, 'timeout=20&after_revision=0'));
    expect(passed.body.revision).toBe(revision);

    const next = auth.http.get<ManagedAuth>(waitPath(connection.id, `timeout=15&after_revision=${revision}`));
    const end = auth.http.get<ManagedAuth>(waitPath(connection.id, 'timeout=15'));
    await auth.submit(connection.id, bodyFor(view, stage().person()));
    expect((await next).body.revision).toBeGreaterThan(revision);
    const last = (await end).body;
    expect(last).toMatchObject({ id: connection.id, flow_status: 'SUCCESS', status: 'AUTHENTICATED' });
    expect(last).toEqual(await auth.get(connection.id));
    for (const query of ['timeout=0', 'timeout=61', 'timeout=x', 'after_revision=-1']) {
      expect((await auth.http.get(waitPath(connection.id, query))).status).toBe(400);
    }
  });

  it.concurrent('cancel: 200 with the resource, behind its frame; 200 again; 409 where nothing runs', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    expect((await auth.cancel(connection.id)).status).toBe(409);
    await askedBy(stage(), connection);
    const stream = await auth.stream(connection.id);
    await stream.until('a state', () => true);
    const answer = await auth.cancel(connection.id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: connection.id,
      flow_status: 'CANCELED',
      flow_step: 'COMPLETED',
      status: 'NEEDS_AUTH',
    });
    const fresh = await auth.stream(connection.id);
    await fresh.ended;
    expect(fresh.states()).toMatchObject([{ flow_status: 'CANCELED' }]);
    await stream.until('CANCELED', ({ flow_status }) => flow_status === 'CANCELED', 1_000);
    const again = await auth.cancel(connection.id);
    expect([again.status, again.body.revision]).toEqual([200, answer.body.revision]);
    const login = await auth.login(connection.id);
    await answerAll(auth, connection.id, stage().person());
    expect((await auth.get(connection.id)).flow_id).toBe(login.flow_id);
    const late = await auth.cancel(connection.id);
    expect([late.status, (late.body as unknown as { code: string }).code]).toEqual([409, 'no_active_flow']);
  });

  it.concurrent('cancel while the site is still thinking ends the flow at once and leaves the profile alone', async () => {
    const { auth, site } = stage();
    const connection = await stage().connect('slow');
    const view = await askedBy(stage(), connection);
    const gate = site.holdNextPost('slow');
    await auth.submit(connection.id, bodyFor(view, stage().person()));
    await gate.arrived;
    const started = performance.now();
    expect((await auth.cancel(connection.id)).body.flow_status).toBe('CANCELED');
    expect(performance.now() - started).toBeLessThan(5_000);
    gate.release();
    expect(await auth.get(connection.id)).toMatchObject({ flow_status: 'CANCELED', status: 'NEEDS_AUTH' });
    const download = await auth.http.get(`/profiles/${connection.profile_name}/download`);
    expect([download.status, download.text]).toEqual([202, '']);
  });

  it.concurrent('safe: exactly the listed keys and one fixed sentence a state, nothing that the site wrote', async () => {
    const { auth } = stage();
    const safe = async (id: string) =>
      (await auth.http.get<Record<string, unknown>>(`/auth/connections/${id}/safe`)).body;
    const keys = [
      ...['id', 'domain', 'status', 'flow_id', 'revision', 'flow_status', 'flow_step', 'flow_type'],
      ...['flow_expires_at', 'error_code', 'message'],
    ].toSorted();
    const [a, b] = [await stage().connect('combined'), await stage().connect('totp')];
    const sentences: unknown[] = [];
    for (const connection of [a, b]) {
      const before = await safe(connection.id);
      expect(Object.keys(before).toSorted()).toEqual(keys);
      const view = await askedBy(stage(), connection);
      await auth.submit(connection.id, bodyFor(view, { ...stage().person(), password: 'falsch' }));
      await auth.asked(connection.id, view.interaction_id);
      const during = await safe(connection.id);
      expect(Object.keys(during).toSorted()).toEqual(keys);
      expect(JSON.stringify(during)).not.toMatch(/http|Invalid|password|code=|Incorrect/i);
      await auth.cancel(connection.id);
      const after = await safe(connection.id);
      expect(after).toMatchObject({ flow_status: 'CANCELED', status: 'NEEDS_AUTH' });
      sentences.push([before['message'], during['message'], after['message']]);
    }
    expect(sentences[0]).toEqual(sentences[1]);
  }, 120_000);

  it.concurrent('check: 202, and last_auth_check_at moves', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    await auth.login(connection.id);
    await answerAll(auth, connection.id, stage().person());
    const before = (await auth.get(connection.id)).last_auth_check_at;
    const asked = new Date().toISOString();
    const answer = await auth.http.post(`/auth/connections/${connection.id}/check`);
    expect(answer.status).toBe(202);
    const after = await poll(
      async () => {
        const view = await auth.get(connection.id);
        return (view.last_auth_check_at ?? '') >= asked && view;
      },
      { what: 'the check is done' },
    );
    expect(after.last_auth_check_at).not.toBe(before);
    expect(after.status).toBe('AUTHENTICATED');
    expect(after.last_auth_at).toBe(after.last_auth_check_at);
    const events = await auth.timeline(connection.id, { type: 'health_check' });
    expect(events[0]).toMatchObject({ type: 'health_check', status: 'AUTHENTICATED' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGate, MADE, nameOf, VISITS, type Visited, visitSite } from '../../support/auth-matrix.ts';
import { useAuthStage } from '../../support/auth-stage.ts';
import { isFullSize, sizedCases } from '../../support/full-size.ts';
import { poll } from '../../support/poll.ts';

const stage = useAuthStage();
const visits = isFullSize() ? VISITS : MADE;
const visiting = new Map<string, Promise<Visited>>();

beforeAll(() => {
  const gate = createGate(4);
  const begun = visits.toSorted((a, b) => Number(b.takesLong ?? false) - Number(a.takesLong ?? false));
  for (const visit of begun) {
    const visited = gate(() => visitSite(stage(), visit));
    visited.catch(() => undefined);
    visiting.set(nameOf(visit), visited);
  }
});
afterAll(() => Promise.allSettled(visiting.values()));

describe('A person gets through', () => {
  it.each(visits.map((visit) => [nameOf(visit), visit] as const))(
    '%s as planned, and the site sees each answer once',
    async (name, { status = 'SUCCESS', errorCode, sees, questions }) => {
      const visited = await visiting.get(name);
      if (!visited) throw new Error('not visited');
      const { end, connection } = visited;
      expect([end.flow_status, end.error_code]).toEqual([status, errorCode ?? null]);
      expect(visited.saw).toEqual(sees);
      if (questions !== undefined) expect(visited.questions).toHaveLength(questions);
      const after = await stage().auth.get(connection.id);
      expect(after.status).toBe(status === 'SUCCESS' ? 'AUTHENTICATED' : 'NEEDS_AUTH');
      if (status === 'SUCCESS') {
        expect(after.post_login_url).toMatch(new RegExp(`^${stage().site.origin}/`));
        expect(after.post_login_url).not.toMatch(/[?#]/);
      }
    },
    90_000,
  );
});

describe('What no login does', () => {
  it('edits no profile, fills no honeypot, searches nothing, subscribes to nothing, consents to nothing', async () => {
    await Promise.allSettled(visiting.values());
    expect(stage().site.damage()).toEqual([]);
  }, 240_000);

  it.each(sizedCases(['indexeddb'], ['session-storage', 'combined', 'push']))(
    'asks nobody again where the profile of %s is still logged in',
    async (name) => {
      const { auth } = stage();
      const visited = await visiting.get(name);
      if (!visited) throw new Error('not visited');
      const seenBefore = stage().site.attempts(name).length;
      await auth.login(visited.connection.id);
      const end = await auth.ended(visited.connection.id, 40_000);
      expect(end).toMatchObject({ flow_status: 'SUCCESS', status: 'AUTHENTICATED' });
      expect(stage().site.attempts(name)).toHaveLength(seenBefore);
    },
    60_000,
  );

  it('finds the profile of agent-bound logged in, for it comes back as the browser that it was', async () => {
    const { auth, site } = stage();
    const visited = await visiting.get('agent-bound');
    if (!visited) throw new Error('not visited');
    const { id } = visited.connection;
    const asked = new Date().toISOString();
    expect((await auth.http.post(`/auth/connections/${id}/check`)).status).toBe(202);
    const after = await poll(
      async () => {
        const view = await auth.get(id);
        return (view.last_auth_check_at ?? '') >= asked && view;
      },
      { what: 'the check is done', timeoutMs: 40_000 },
    );
    expect(after).toMatchObject({ status: 'AUTHENTICATED', flow_id: visited.end.flow_id });
    expect(site.attempts('agent-bound')).toHaveLength(1);
  }, 60_000);
});

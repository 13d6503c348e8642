import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { describeView } from '../../support/auth-client.ts';
import { answerAll, bodyFor, type Person } from '../../support/auth-person.ts';
import { poll } from '../../support/poll.ts';
import { hostOf, type RealSystem } from './real-stage.ts';

/** Generous, for a machine that has other things to do. */
const PATIENCE_MS = 90_000;

/** One connection of one person to a real site, in the words of what that person does. */
export interface Visitor {
  readonly id: string;
  view(): Promise<ManagedAuth>;
  /** Begins a login and waits for the first question. */
  begin(): Promise<ManagedAuth>;
  /** Begins a login and waits for its end, in which nobody is asked. */
  loginUnasked(): Promise<ManagedAuth>;
  /** Answers a question and waits for the next one. */
  answer(question: ManagedAuth, person: Person): Promise<ManagedAuth>;
  /** Answers this and all further questions; returns the end, which must be a success. */
  finish(question: ManagedAuth, person: Person): Promise<ManagedAuth>;
  /** Begins a login, answers everything, and returns what was asked; the end must be a success. */
  logIn(person: Person): Promise<ManagedAuth[]>;
  /** Has the login looked at, and waits for the verdict. */
  check(): Promise<ManagedAuth>;
  /** Has the login looked at until a re-auth follows, and waits for its end, which must be a success. */
  checkAndReauth(): Promise<ManagedAuth>;
  /** Waits until the page that asks is put away: in the state `before` no longer, where that is given. */
  untilParked(question: ManagedAuth, before?: string): Promise<string>;
}

/** Makes a connection of a profile of its own. */
export async function visitorAt(
  real: RealSystem,
  loginUrl: string,
  settings: Record<string, unknown> = {},
): Promise<Visitor> {
  const { auth } = real;
  const { id } = await auth.create({
    domain: hostOf(loginUrl),
    profile_name: `visitor-${randomUUID()}`,
    login_url: loginUrl,
    ...settings,
  });
  const succeeded = (end: ManagedAuth) => {
    if (end.flow_status !== 'SUCCESS') throw new Error(`The login did not succeed: ${describeView(end)}`);
    expect(end).toMatchObject({ flow_step: 'COMPLETED', status: 'AUTHENTICATED' });
    expect(end.post_login_url).not.toMatch(/[?#]/);
    return end;
  };
  const submit = async (question: ManagedAuth, person: Person) => {
    const answer = await auth.submit(id, bodyFor(question, person));
    if (answer.status !== 202) throw new Error(`submit: ${answer.status} ${answer.text}`);
  };
  const answer: Visitor['answer'] = async (question, person) => {
    await submit(question, person);
    return auth.asked(id, question.interaction_id, PATIENCE_MS);
  };
  const check: Visitor['check'] = async () => {
    const asked = new Date().toISOString();
    expect((await auth.http.post(`/auth/connections/${id}/check`)).status).toBe(202);
    return poll(
      async () => {
        const view = await auth.get(id);
        return (view.last_auth_check_at ?? '') >= asked && view;
      },
      { what: 'the login was looked at', timeoutMs: PATIENCE_MS, everyMs: 100 },
    );
  };
  const begun = (before: string | null) => {
    let seen: ManagedAuth | undefined;
    return poll(
      async () => {
        seen = await auth.get(id);
        return seen.flow_id !== before && seen;
      },
      {
        what: 'another login has begun',
        timeoutMs: 10_000,
        everyMs: 100,
        explain: () => `${seen?.status} ${seen?.can_reauth_reason} ${describeView(seen)}`,
      },
    );
  };
  return {
    id,
    view: () => auth.get(id),
    check,
    answer,
    async begin() {
      await auth.login(id);
      return auth.asked(id, undefined, PATIENCE_MS);
    },
    async loginUnasked() {
      await auth.login(id);
      const asked: (string | null)[] = [];
      const end = await auth.until(
        id,
        'the flow has ended',
        ({ flow_status, interaction_id }) => {
          if (interaction_id) asked.push(interaction_id);
          return flow_status !== 'IN_PROGRESS' || interaction_id !== null;
        },
        PATIENCE_MS,
      );
      expect(asked).toEqual([]);
      return succeeded(end);
    },
    async finish(question, person) {
      await submit(question, person);
      return succeeded((await answerAll(auth, id, person, PATIENCE_MS)).end);
    },
    async logIn(person) {
      await auth.login(id);
      const { questions, end } = await answerAll(auth, id, person, PATIENCE_MS);
      succeeded(end);
      return questions;
    },
    async checkAndReauth() {
      const { flow_id: before } = await auth.get(id);
      const after = await poll(
        async () => {
          // On a busy machine a site may be too slow for a verdict; the next check has one.
          await check();
          return begun(before);
        },
        { what: 'a check has led to a re-auth', timeoutMs: PATIENCE_MS },
      );
      expect(after.flow_type).toBe('REAUTH');
      return succeeded(await auth.ended(id, PATIENCE_MS));
    },
    untilParked: ({ flow_id }, before) =>
      poll(
        () => {
          const page = real.parkedPage(flow_id ?? '');
          return page !== before && page;
        },
        { what: 'the page is put away', timeoutMs: PATIENCE_MS, everyMs: 50 },
      ),
  };
}

import { expect } from '@jest/globals';
import type { ManagedAuth } from '../../src/contract/auth/index.ts';
import { seenOf } from '../support/auth-matrix.ts';
import { answerAll, bodyFor, type Person } from '../support/auth-person.ts';
import { type AuthStage, useAuthStage } from '../support/auth-stage.ts';
import { type AuthStream, outline } from '../support/auth-stream.ts';
import { browsersBelow } from '../support/auth-workers.ts';
import { sizedCases } from '../support/full-size.ts';
import { poll } from '../support/poll.ts';
import { gone, sendSignal } from '../support/processes.ts';
import type { Part } from '../support/system.ts';

/** A login that was brought to a state, and what has to come of it. */
export interface Subject {
  state: string;
  scenario: string;
  connection: ManagedAuth;
  person: Person;
  stream: AuthStream;
  /** The question that was open, or answered, when everything died. */
  interaction: string | null;
  /** Credential forms that this person has sent so far. */
  submitted: number;
  /** Lets the site answer, where it was made to wait. */
  release?: () => void;
}

/** What dies, and how; the system is brought back afterwards. */
type Death = [component: string, kill: (stage: AuthStage) => Promise<void>];

const ofPart = (component: string, part: Part): Death => [component, ({ system }) => system.kill9(part)];

const ofBrowser: Death = [
  'browser',
  async ({ system }) => {
    const browsers = browsersBelow(system.pid('worker'));
    for (const pid of browsers) sendSignal(pid, 'SIGKILL');
    await Promise.all(browsers.map((pid) => gone(pid)));
  },
];

/** Ways to die: the worker with the browser that it holds, and in `npm run test:full` that alone and what only passes on. */
export const DEATHS = sizedCases(
  [ofPart('worker', 'worker')],
  [ofBrowser, ofPart('engine', 'engine'), ofPart('API', 'api')],
);

/** Registers hooks that set a stage of separate processes for a file's tests. */
export function useCrashStage(env: Record<string, string> = {}): () => AuthStage {
  return useAuthStage({ parts: ['engine', 'worker', 'api'], env });
}

async function begin(stage: AuthStage, scenario: string, state: string): Promise<Subject> {
  const connection = await stage.connect(scenario);
  await stage.auth.login(connection.id);
  const stream = await stage.auth.stream(connection.id);
  return { state, scenario, connection, person: stage.person(), stream, interaction: null, submitted: 0 };
}

/** The page is still being read. */
export function discovering(stage: AuthStage): Promise<Subject> {
  return begin(stage, 'spa-blank', 'DISCOVERING');
}

/** A form is shown. */
export async function awaitingInput(stage: AuthStage): Promise<Subject> {
  const subject = await begin(stage, 'combined', 'AWAITING_INPUT');
  const view = await stage.auth.asked(subject.connection.id);
  return { ...subject, interaction: view.interaction_id };
}

/** The site has the answer and keeps its own back. */
export async function submitting(stage: AuthStage): Promise<Subject> {
  const subject = await begin(stage, 'slow', 'SUBMITTING');
  const view = await stage.auth.asked(subject.connection.id);
  const gate = stage.site.holdNextPost('slow');
  expect((await stage.auth.submit(view.id, bodyFor(view, subject.person))).status).toBe(202);
  await gate.arrived;
  return { ...subject, interaction: view.interaction_id, submitted: 1, release: gate.release };
}

/** A phone has to approve. */
export async function elsewhere(stage: AuthStage): Promise<Subject> {
  const subject = await begin(stage, 'push', 'AWAITING_EXTERNAL_ACTION');
  const view = await stage.auth.asked(subject.connection.id);
  expect((await stage.auth.submit(view.id, bodyFor(view, subject.person))).status).toBe(202);
  await stage.auth.until(
    view.id,
    'the site waits for the phone',
    ({ flow_step }) => flow_step === 'AWAITING_EXTERNAL_ACTION',
  );
  return { ...subject, submitted: 1 };
}

/** Waits for what the flow comes to without anybody's help: a question, a wait for the phone, or an end. */
async function atRest(stage: AuthStage, { connection, interaction, state }: Subject): Promise<ManagedAuth> {
  return poll(
    async () => {
      const view = await stage.auth.get(connection.id);
      const isOver = view.flow_status !== 'IN_PROGRESS';
      const asks = view.flow_step === 'AWAITING_INPUT';
      const answered = state === 'SUBMITTING' && view.interaction_id === interaction;
      return (isOver || (asks && !answered) || view.flow_step === 'AWAITING_EXTERNAL_ACTION') && view;
    },
    { what: `${state} has come to rest`, timeoutMs: 60_000, everyMs: 200, explain: stage.system.tails },
  );
}

/** A flow must come to where a person can finish it, having typed nothing by itself; then the person does. */
export async function expectConverged(stage: AuthStage, subject: Subject): Promise<string> {
  const { auth, site } = stage;
  const { scenario, person, connection, state } = subject;
  subject.release?.();
  const rest = await atRest(stage, subject);
  const passwords = () =>
    seenOf(stage, scenario, person).filter((step) => step.startsWith('password')).length;
  expect([state, passwords()]).toEqual([state, subject.submitted]);
  expect([state, rest.flow_status, rest.error_code]).not.toContain('FAILED');

  let given = subject.submitted;
  const counting: Person = {
    ...person,
    elsewhere: () => site.approvePush(),
    choose: () => {
      given += 1;
      return undefined;
    },
  };
  const { end } = await answerAll(auth, connection.id, counting, 60_000).catch((error: unknown) => {
    throw new Error(
      `${state}: ${String(error)}; ${outline(subject.stream.states())}\n${stage.system.tails()}`,
    );
  });
  expect([state, end.flow_status]).toEqual([state, 'SUCCESS']);
  // A person may have answered a question whose page had just died: that answer reached nobody.
  expect([state, passwords() >= 1, passwords() <= given]).toEqual([state, true, true]);
  expect(subject.stream.frames.filter(({ event }) => event === 'error')).toEqual([]);
  const late = await auth.stream(connection.id);
  await late.ended;
  expect(late.states().map(({ flow_status }) => flow_status)).toEqual(['SUCCESS']);
  return `${state}: ${given} form(s) by the person, ${passwords()} seen by the site`;
}

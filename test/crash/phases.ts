import { expect } from '@jest/globals';
import type { Turn } from '../../src/contract/index.ts';
import { poll } from '../support/poll.ts';
import { type CountingServer, workspaceOf } from '../support/side-effects.ts';
import type { Follower } from '../support/sse-reader.ts';
import type { System } from '../support/system.ts';
import { call, type Ended, type Turns, unique } from '../support/turns.ts';

/** What a crash case works with. */
export interface Stage {
  system: System;
  turns: Turns;
  server: CountingServer;
  /** An agent that asks nobody, and one that asks for each call. */
  free: string;
  gated: string;
}

/** A turn under a crash, with a reader that follows it over all broken connections. */
export interface Subject {
  turn: Turn;
  reader: Follower;
  /** What must be true of its end, beyond a whole story. Returns a word on the outcome. */
  check(ended: Ended): Promise<string> | string;
}

/** A moment at which a process is killed. */
export interface Phase {
  name: string;
  /** Starts turns and returns when they are at this moment. */
  reach(stage: Stage): Promise<Subject[]>;
  /** What people do after the restart. */
  afterwards?(stage: Stage, subjects: Subject[]): Promise<void>;
}

const TEXT = 'The quick brown fox 🦊 jumps over the lazy dog. '.repeat(6).trim();

async function begin(
  stage: Stage,
  agent: string,
  script: string | string[],
  check: Subject['check'],
): Promise<Subject> {
  const turn = await stage.turns.start(agent, script, { sessionId: unique('s') });
  return { turn, reader: stage.turns.follow(turn), check };
}

const says = (text: string) => (ended: Ended) => {
  expect(ended.turn).toMatchObject({ status: 'completed', output: text });
  expect(ended.of('text.completed')).toHaveLength(1);
  return 'completed';
};

/** A turn whose one step has an effect of each kind, all asked for by a person or all free. */
export async function effects(stage: Stage, agent: string, options: { slowMs: number }): Promise<Subject> {
  const key = unique('e');
  const files = workspaceOf(stage.system.dataDir, agent);
  const seconds = options.slowMs / 1_000;
  const script = [
    call('run_command', { command: `echo x >> ${key}.log; sleep ${seconds}; echo done` }),
    call('http_fetch', { url: stage.server.url(key, options.slowMs), method: 'POST' }),
    call('write_file', { path: `${key}.txt`, content: key }),
    call('write_note', { path: `crash/${key}`, content: key }),
  ];
  const subject = await begin(stage, agent, script, async (ended) => {
    expect(ended.turn.status).toBe('completed');
    const failed = ended.of('tool_call.failed');
    for (const { error } of failed) expect(error.code).toBe('outcome_unknown');
    expect(failed.length + ended.of('tool_call.completed').length).toBe(4);
    const tools = new Map(ended.of('tool_call.requested').map((event) => [event.callId, event.tool]));
    const unknown = failed.map((event) => tools.get(event.callId));
    // Idempotent by key: exactly one effect. The others: at most one, and exactly one where a result was told.
    expect(unknown).not.toContain('write_file');
    expect(unknown).not.toContain('write_note');
    expect(await files.text(`${key}.txt`)).toBe(key);
    const notes = await stage.turns.http.get<{ items: { revision: number }[] }>(
      `/v1/notes?path=crash/${key}`,
    );
    expect(notes.body.items).toMatchObject([{ revision: 1 }]);
    expectAtMostOne((await files.lines(`${key}.log`)).length, unknown.includes('run_command'));
    expectAtMostOne(stage.server.count(key), unknown.includes('http_fetch'));
    for (const [callId] of tools)
      expect(ended.of('tool_call.requested').filter((e) => e.callId === callId)).toHaveLength(1);
    return unknown.length === 0 ? 'completed' : `completed, told unknown: ${unknown.toSorted().join(', ')}`;
  });
  return Object.assign(subject, { key });
}

function expectAtMostOne(count: number, isUnknown: boolean): void {
  if (isUnknown) expect(count).toBeLessThanOrEqual(1);
  else expect(count).toBe(1);
}

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const allPending = (stage: Stage, subject: Subject) =>
  stage.turns.until(subject.turn.id, 'four calls are pending', (turn) => turn.pending.length === 4);

/** Allows every call that the turn asks for until none is left, over whatever is down meanwhile. */
async function allowAll(stage: Stage, subject: Subject): Promise<void> {
  const requested = await poll(
    async () => {
      const events = await stage.turns.events(subject.turn.id);
      const found = events.filter((event) => event.type === 'approval.requested');
      return found.length === 4 && found;
    },
    { what: 'four approvals are on record', explain: stage.system.tails },
  );
  await Promise.all(
    requested.map(({ callId }) =>
      poll(
        async () => {
          const answer = await stage.turns.decide(subject.turn.id, callId, { action: 'allow' });
          if (![200, 202].includes(answer.status)) throw new Error(`${answer.status} ${answer.text}`);
          return true;
        },
        { what: `the decision on ${callId} is taken`, timeoutMs: 30_000, explain: stage.system.tails },
      ),
    ),
  );
}

/** The six moments of the crash suite. */
export const PHASES: Phase[] = [
  {
    name: 'before the model answers',
    reach: async (stage) => {
      const subjects = await times(3, () =>
        begin(stage, stage.free, ['/sleep 2000', '/say late'], says('late')),
      );
      for (const { turn } of subjects) await stage.turns.untilEvent(turn.id, 'step.started');
      return subjects;
    },
  },
  {
    name: 'mid-delta',
    reach: async (stage) => {
      const subjects = await times(3, () =>
        begin(stage, stage.free, ['/stream 30 100', `/say ${TEXT}`], says(TEXT)),
      );
      for (const { reader } of subjects) {
        const deltas = () => reader.frames.filter((frame) => frame.event === 'text.delta').length;
        await poll(() => deltas() >= 3, { what: 'three deltas', explain: stage.system.tails });
      }
      return subjects;
    },
  },
  {
    name: 'while pending',
    reach: async (stage) => {
      const subjects = await times(3, () => effects(stage, stage.gated, { slowMs: 0 }));
      for (const subject of subjects) await allPending(stage, subject);
      return subjects;
    },
    afterwards: async (stage, subjects) => {
      await Promise.all(subjects.map((subject) => allowAll(stage, subject)));
    },
  },
  {
    name: 'between decision and dispatch',
    reach: async (stage) => {
      const subjects = await times(3, () => effects(stage, stage.gated, { slowMs: 0 }));
      const waiting = await Promise.all(subjects.map((subject) => allPending(stage, subject)));
      const decisions = waiting.flatMap((turn) =>
        turn.pending.map(({ callId }) => stage.turns.decide(turn.id, callId, { action: 'allow' })),
      );
      // The first answer is the moment; what becomes of the others is up to the crash.
      await Promise.race(decisions);
      for (const decision of decisions) decision.catch(() => undefined);
      return subjects;
    },
    afterwards: async (stage, subjects) => {
      await Promise.all(subjects.map((subject) => allowAll(stage, subject)));
    },
  },
  {
    name: 'mid-tool',
    reach: async (stage) => {
      const subjects = await times(2, () => effects(stage, stage.free, { slowMs: 3_000 }));
      for (const subject of subjects) {
        const { key } = subject as Subject & { key: string };
        await workspaceOf(stage.system.dataDir, stage.free).reached(`${key}.log`);
        await stage.server.reached(key);
      }
      return subjects;
    },
  },
  {
    name: 'at finalisation',
    reach: async (stage) => {
      const subjects = await times(6, (index) =>
        begin(stage, stage.free, [`/sleep ${200 + index * 15}`, '/say final'], says('final')),
      );
      const isFinal = () =>
        subjects.some(({ reader }) => reader.frames.some((frame) => frame.event === 'text.completed'));
      await poll(isFinal, { what: 'the first text is complete', everyMs: 1, explain: stage.system.tails });
      return subjects;
    },
  },
];

/** Phases by name, in the order of the names. */
export function phasesNamed(...names: string[]): Phase[] {
  return names.map((name) => {
    const found = PHASES.find((phase) => phase.name === name);
    if (!found) throw new Error(`There is no phase "${name}".`);
    return found;
  });
}

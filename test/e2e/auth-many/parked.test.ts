import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { createGate } from '../../support/auth-matrix.ts';
import { bodyFor } from '../../support/auth-person.ts';
import { useAuthStage } from '../../support/auth-stage.ts';
import { outline } from '../../support/auth-stream.ts';
import { sized } from '../../support/full-size.ts';
import { HopelessError, poll } from '../../support/poll.ts';
import { commandLine, descendants } from '../../support/processes.ts';

/** As many as a worker has by default, or less, so that fewer flows are twice as many. */
const CONTEXTS = sized(4, 20);
/** At least twice as many as there are browser contexts, so that most have to be parked. */
const FLOWS = sized(9, 200);
const ANSWERED = sized(3, 10);
/** Logins that were answered 503 at first. */
let refusals = 0;

const stage = useAuthStage({
  env: { LONGTURN_AUTH_PARK_AFTER_MS: '300', LONGTURN_BROWSER_CONTEXTS: String(CONTEXTS) },
});

/** Proportional set size of a process in MiB; 0 where it is gone. */
function pssMib(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

/** Begins a login as a client does that tries again after a 503. */
async function begin(id: string): Promise<void> {
  await poll(
    async () => {
      const { status, text } = await stage().auth.http.post(`/auth/connections/${id}/login`, {});
      if (status === 200) return true;
      // The try before has begun it, and said 503 first.
      if (status === 409) return (await stage().auth.get(id)).flow_id !== null;
      if (status !== 503) throw new HopelessError(`login: ${status} ${text}`);
      refusals += 1;
      return false;
    },
    {
      what: 'the login is begun',
      timeoutMs: 60_000,
      everyMs: 1_000,
      explain: () => `${refusals} refusals; ${stage().system.tails()}`,
    },
  );
}

/** How many connections wait for an answer. */
async function waiting(): Promise<number> {
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(FLOWS / 100) }, (_, page) =>
      stage().auth.http.get<ManagedAuth[]>(`/auth/connections?limit=100&offset=${page * 100}`),
    ),
  );
  return pages.flatMap(({ body }) => body).filter(({ flow_step }) => flow_step === 'AWAITING_INPUT').length;
}

/** Memory of the whole system, by program. */
function memory(): Record<string, number> {
  const main = stage().system.pid('main');
  const sums: Record<string, number> = {};
  for (const pid of [main, ...descendants(main)]) {
    const line = commandLine(pid);
    const name = /chrom/.test(line) ? 'browser' : /temporal/.test(line) ? 'engine' : 'longturn';
    sums[name] = Math.round((sums[name] ?? 0) + pssMib(pid));
  }
  return sums;
}

describe(`${FLOWS} logins that wait for a person`, () => {
  it('all show their form on a stream of their own, cost no browser, and can be answered', async () => {
    const { auth } = stage();
    const print = (line: string) => process.stderr.write(`[auth-many] ${line}\n`);
    print(`memory before, MiB: ${JSON.stringify(memory())}`);
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
    const gate = createGate(12);
    const connections = await Promise.all(
      Array.from({ length: FLOWS }, () =>
        gate(async () => {
          const connection = await stage().connect('combined');
          await begin(connection.id);
          return connection;
        }),
      ),
    );
    const streams = await Promise.all(connections.map(({ id }) => auth.stream(id)));
    print(`${FLOWS} logins begun and followed after ${seconds()} s, ${refusals} at a second try`);
    await poll(async () => (await waiting()) === FLOWS, {
      what: 'GET shows a form for each',
      timeoutMs: 600_000,
      everyMs: 1_000,
    });
    print(`GET shows all forms after ${seconds()} s`);
    const lagging = () => streams.filter((stream) => stream.states().at(-1)?.flow_step !== 'AWAITING_INPUT');
    await poll(() => lagging().length === 0, {
      what: 'every stream shows its form',
      explain: () =>
        `${lagging().length} do not: ${lagging()
          .slice(0, 20)
          .map(
            (each) =>
              `${each.status} ${each.isOpen() ? 'open' : 'closed'} [${outline(each.states())}] ${each.frames.length} frames`,
          )
          .join('; ')}`,
    });
    print(`all forms shown after ${seconds()} s; memory, MiB: ${JSON.stringify(memory())}`);
    for (const stream of streams) {
      expect(stream.isOpen()).toBe(true);
      expect(stream.states().at(-1)).toMatchObject({
        flow_status: 'IN_PROGRESS',
        flow_step: 'AWAITING_INPUT',
      });
    }
    const ends: ManagedAuth[] = await Promise.all(
      connections.slice(0, ANSWERED).map(async ({ id }) => {
        const view = await auth.get(id);
        const answer = await auth.submit(id, bodyFor(view, stage().person()));
        expect(answer.status).toBe(202);
        return auth.ended(id, 90_000);
      }),
    );
    expect(ends.map(({ flow_status }) => flow_status)).toEqual(ends.map(() => 'SUCCESS'));
    print(
      `${ANSWERED} answered and logged in after ${seconds()} s; memory, MiB: ${JSON.stringify(memory())}`,
    );
    for (const stream of streams.slice(0, ANSWERED)) {
      await stream.ended;
      expect(stream.states().at(-1)?.flow_status).toBe('SUCCESS');
    }
    for (const stream of streams.slice(ANSWERED)) {
      expect(stream.states().at(-1)?.flow_step).toBe('AWAITING_INPUT');
      stream.close();
    }
    expect(stage().site.attempts('combined')).toHaveLength(ANSWERED);
    expect(memory()['browser'] ?? 0).toBeLessThan(1_500);
  }, 900_000);
});

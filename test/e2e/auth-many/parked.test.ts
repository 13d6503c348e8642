import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ManagedAuth } from '../../../src/contract/auth/index.ts';
import { createGate } from '../../support/auth-matrix.ts';
import { bodyFor } from '../../support/auth-person.ts';
import { useAuthStage } from '../../support/auth-stage.ts';
import { commandLine, descendants } from '../../support/processes.ts';

const FLOWS = 200;
const ANSWERED = 10;

const stage = useAuthStage({ env: { LONGTURN_AUTH_PARK_AFTER_MS: '300' } });

/** Proportional set size of a process in MiB; 0 where it is gone. */
function pssMib(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
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
    const gate = createGate(25);
    const connections = await Promise.all(
      Array.from({ length: FLOWS }, () =>
        gate(async () => {
          const connection = await stage().connect('combined');
          await auth.login(connection.id);
          return connection;
        }),
      ),
    );
    const streams = await Promise.all(connections.map(({ id }) => auth.stream(id)));
    print(`${FLOWS} logins begun and followed after ${seconds()} s`);
    await Promise.all(
      streams.map((stream) =>
        stream.until('a form', ({ flow_step }) => flow_step === 'AWAITING_INPUT', 280_000),
      ),
    );
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
  }, 400_000);
});

import { afterAll, describe, it } from '@jest/globals';
import { poll } from '../support/poll.ts';
import { startCountingServer } from '../support/side-effects.ts';
import { expectWholeStory } from '../support/story.ts';
import { type System, type SystemOptions, startSystem } from '../support/system.ts';
import { createTurns } from '../support/turns.ts';
import { useDisposable } from '../support/use-disposable.ts';
import { type CrashRow, createCrashTable } from './crash-table.ts';
import { PHASES, type Phase, type Stage, type Subject } from './phases.ts';

/** A way to die and to come back. */
export interface Death {
  component: string;
  kill(system: System): Promise<void>;
  revive(system: System): Promise<void>;
}

/** Registers hooks that set a stage for a file's tests: a system, a counting server, two agents. */
export function useStage(parts: NonNullable<SystemOptions['parts']>): () => Stage {
  return useDisposable('The stage', async () => {
    await using starting = new AsyncDisposableStack();
    const server = starting.use(await startCountingServer());
    const system = starting.use(
      await startSystem({ parts, env: { LONGTURN_HTTP_FETCH_ALLOW: server.allow } }),
    );
    const turns = createTurns(system);
    const free = await turns.agent({ policy: { default: 'allow', rules: [] } });
    const gated = await turns.agent({ policy: { default: 'ask', rules: [] } });
    const running = starting.move();
    const dispose = () => running.disposeAsync();
    return { system, turns, server, free, gated, [Symbol.asyncDispose]: dispose };
  });
}

/** Waits for the end of every subject and checks its story. Returns their outcomes, each once. */
export async function expectRecovered(
  stage: Stage,
  subjects: Subject[],
  timeoutMs = 60_000,
): Promise<string> {
  const outcomes = await Promise.all(
    subjects.map(async ({ turn, reader, check }) => {
      const ended = await stage.turns.end(turn.id, timeoutMs);
      let isDone = false;
      void reader.done.then(() => {
        isDone = true;
      });
      await poll(() => isDone, {
        what: `the reader of ${turn.id} has seen the end`,
        explain: stage.system.tails,
      });
      expectWholeStory(reader.frames, ended.events, turn.ordinal);
      return check(ended);
    }),
  );
  return [...new Set(outcomes)].join('; ');
}

/** A way to die in a case: what the table calls it, how it is done, and what is tidied up after it. */
export interface Blow {
  component: string;
  strike(): Promise<void>;
  /** Also after a failure, which must not take the next case along. */
  restore(): Promise<void>;
  /** How long the turns may take to their ends. */
  endsWithinMs?: number;
}

/** One case: turns come to the phase, the blow falls, and all come to their ends. Its row is in the table either way. */
export async function strikeIn(
  phase: Phase,
  stage: Stage,
  table: { add(row: CrashRow): void },
  { component, strike, restore, endsWithinMs }: Blow,
): Promise<void> {
  const row = { component, phase: phase.name, turns: 0, outcome: 'not recovered', recoveryMs: 0 };
  table.add(row);
  const subjects = await phase.reach(stage);
  row.turns = subjects.length;
  const killedMs = performance.now();
  try {
    await strike();
    await phase.afterwards?.(stage, subjects);
    row.outcome = await expectRecovered(stage, subjects, endsWithinMs);
    row.recoveryMs = performance.now() - killedMs;
  } finally {
    for (const { reader } of subjects) reader.close();
    await restore();
  }
}

/** One test per phase for a way to die, on one system. */
export function describeCrashes(
  file: string,
  parts: NonNullable<SystemOptions['parts']>,
  death: Death,
  phases: Phase[] = PHASES,
): void {
  describe(`kill -9 of ${death.component}`, () => {
    const stage = useStage(parts);
    const table = createCrashTable(file);
    afterAll(() => table.publish());

    it.each(phases)(
      '$name: every turn reaches its end, nothing is done twice, readers miss nothing',
      async (phase) => {
        const { system } = stage();
        await strikeIn(phase, stage(), table, {
          component: death.component,
          async strike() {
            await death.kill(system);
            await death.revive(system);
          },
          restore: () => system.startAll(),
        });
      },
      150_000,
    );
  });
}

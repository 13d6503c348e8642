import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Store } from '../../src/store/store.ts';
import type { Names } from '../../src/temporal/names.ts';
import { type RunHistory, turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import type { TurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { poll } from './poll.ts';
import { replayFaults, retoldOtherwise } from './rig-replay.ts';

/** What is verified of a rig's turns, and where they are found. */
export interface Verified {
  client: Client;
  names: Names;
  dataConverter: DataConverter;
  store: Store;
  observer: TurnObserver;
}

/** Checks turns when a test is over, and replays their runs: those of many tests at once, for that costs one worker. */
export interface Verification {
  /**
   * Checks that the turns have ended and that the closed workflows tell what the archive has; returns their runs.
   * Turns of `open` may be unfinished. Throws where one of the others is not as it should be.
   */
  check(turnIds: string[], open: ReadonlyMap<string, string>): Promise<TestedRun[]>;
  /** Throws where a run does not fit the workflow code of the file. */
  replay(runs: TestedRun[], bundleFile: string): Promise<void>;
}

/** A run of a turn's workflow, and the test that made it. */
export interface TestedRun extends RunHistory {
  test: string;
}

export function createVerification(rig: Verified): Verification {
  const { client, names, store } = rig;
  return {
    async check(turnIds, open) {
      const test = expect.getState().currentTestName ?? 'outside of a test';
      const problems: string[] = [];
      const runs: TestedRun[] = [];
      for (const turnId of turnIds) {
        const workflow = client.workflow.getHandle(names.turnWorkflowId(turnId));
        const hasEnded = (await store.turns.get(turnId))?.endedAt !== undefined;
        if (await isClosed(client, workflow.workflowId, hasEnded)) {
          for (const run of await turnRuns(client, turnId, names)) runs.push({ ...run, test });
          // A run that was reset after the end of its turn tells another story, which nobody hears.
          if (!open.has(turnId)) problems.push(...(await retoldOtherwise(rig, turnId)));
        } else {
          await workflow.terminate('left behind by a test');
          if (!open.has(turnId)) {
            problems.push(`Turn ${turnId} was left unfinished: end it, or say why with leaveOpen.`);
          }
        }
      }
      if (problems.length > 0) throw new Error(problems.join('\n'));
      return runs;
    },
    async replay(runs, bundleFile) {
      if (runs.length === 0) return;
      const faults = await replayFaults(readFileSync(bundleFile, 'utf8'), runs, rig.dataConverter);
      if (faults.length === 0) return;
      const testOf = (workflowId: string) => runs.find((run) => run.workflowId === workflowId)?.test;
      throw new Error(
        faults
          .map(
            ({ workflowId, error }) =>
              `${workflowId} of "${testOf(workflowId)}" does not replay: ${String(error)}`,
          )
          .join('\n'),
      );
    },
  };
}

/** A workflow whose row has ended closes with the next task; that is waited for. */
async function isClosed(client: Client, workflowId: string, soon: boolean): Promise<boolean> {
  const closed = async () => {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name !== 'RUNNING';
  };
  return soon
    ? await poll(closed, { what: `the workflow ${workflowId} closes`, everyMs: 5 })
    : await closed();
}

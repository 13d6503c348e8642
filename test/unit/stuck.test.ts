import { describe, expect, it } from '@jest/globals';
import { type DescribedTask, stuckOf } from '../../src/temporal/stuck.ts';

function described(attempt: number | undefined, name = 'RUNNING'): DescribedTask {
  const pendingWorkflowTask =
    attempt === undefined ? undefined : { attempt, originalScheduledTime: { seconds: 60, nanos: 5_000_000 } };
  return { status: { name, code: 1 }, raw: { pendingWorkflowTask } } as never;
}

describe('a turn is stuck', () => {
  it('when the task of its open workflow is tried again', () => {
    expect(stuckOf(described(3))).toEqual({
      reason: 'task_failing',
      since: '1970-01-01T00:01:00.005Z',
      attempt: 3,
    });
  });

  it('not when it has no task, a first one, or is closed', () => {
    for (const well of [described(undefined), described(1), described(5, 'COMPLETED')]) {
      expect(stuckOf(well)).toBeUndefined();
    }
  });
});

import { expect, it } from '@jest/globals';
import { createMetrics } from '../../src/api/health/metrics.ts';
import type { StoreFigures } from '../../src/store/store.ts';

const AT = new Date('2026-11-21T12:00:00.000Z');

function sample(store = {}) {
  return {
    turns: {},
    pendingApprovals: 0,
    connections: {},
    flowsInProgress: 0,
    readers: 0,
    installation: {
      at: AT,
      store: { unknownOutcomes: 0, unfinishedDeletions: 0, undeliveredNotes: 0, modelWaits: [], ...store },
      workers: 1,
    },
  };
}

const linesOf = (text: string) => text.split('\n').filter((line) => !line.startsWith('#'));

it('tells ages in seconds, and 0 where nothing waits', async () => {
  const metrics = createMetrics();
  const waiting = {
    oldestStartingAt: '2026-11-21T11:59:30.000Z',
    oldestApprovalAt: '2026-11-21T10:00:00.000Z',
    undeliveredNotes: 2,
    oldestUndeliveredNoteAt: '2026-11-21T11:59:00.000Z',
  };
  const lines = linesOf(await metrics.scrape(sample(waiting)));
  expect(lines).toContain('longturn_oldest_starting_seconds 30');
  expect(lines).toContain('longturn_oldest_approval_seconds 7200');
  expect(lines).toContain('longturn_undelivered_notes 2');
  expect(lines).toContain('longturn_oldest_undelivered_note_seconds 60');
  expect(lines).toContain('longturn_oldest_queued_seconds 0');
  expect(linesOf(await metrics.scrape(sample()))).toContain('longturn_oldest_starting_seconds 0');
});

it('counts the turns that wait for a model as long as they wait', async () => {
  const metrics = createMetrics();
  const lines = async (modelWaits: StoreFigures['modelWaits']) =>
    linesOf(await metrics.scrape(sample({ modelWaits })));
  expect(await lines([{ model: 'openai/gpt-5', turns: 2 }])).toContain(
    'longturn_model_waits{model="openai/gpt-5"} 2',
  );
  expect((await lines([])).filter((line) => line.startsWith('longturn_model_waits'))).toEqual([]);
});

it('shows what only a worker knows where one tells it, and nothing elsewhere', async () => {
  const metrics = createMetrics();
  const unknown = [
    'longturn_reconciler_lag_seconds',
    'longturn_turns_stuck',
    'longturn_auth_workflows_stuck',
    'longturn_task_backlog',
  ];
  const before = linesOf(await metrics.scrape(sample()));
  for (const name of unknown) expect(before.filter((line) => line.startsWith(name))).toEqual([]);
  metrics.attach({
    figures: async () => ({
      reconciler: { lagMs: 1_500, disagreements: { terminated: 2 }, faults: 1 },
      stuck: { turn: 0, login: 2 },
      openTurns: [{ build: 'b1', turns: 12 }],
    }),
  });
  metrics.attach({
    figures: async () => ({ backlog: [{ queue: 'longturn', kind: 'workflow', tasks: 4 }] }),
    text: async () => 'temporal_worker_start 1',
  });
  for (const _scrape of [1, 2]) {
    const lines = linesOf(await metrics.scrape(sample()));
    expect(lines).toEqual(
      expect.arrayContaining([
        'longturn_reconciler_lag_seconds 1.5',
        'longturn_reconciler_disagreements_total{outcome="terminated"} 2',
        'longturn_reconciler_faults_total 1',
        'longturn_turns_stuck 0',
        'longturn_auth_workflows_stuck{kind="login"} 2',
        'longturn_open_turns{build="b1"} 12',
        'longturn_task_backlog{queue="longturn",kind="workflow"} 4',
        'temporal_worker_start 1',
      ]),
    );
  }
});

it('leaves out a source that fails, and keeps the others', async () => {
  const metrics = createMetrics();
  const fail = async () => Promise.reject(new Error('the engine is away'));
  metrics.attach({ figures: fail, text: fail });
  metrics.attach({ figures: async () => ({ stuck: { turn: 3 } }) });
  expect(linesOf(await metrics.scrape(sample()))).toContain('longturn_turns_stuck 3');
});

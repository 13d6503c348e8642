import { Counter, Gauge, type Registry } from 'prom-client';
import type { StoreFigures } from '../../store/store.ts';

/** What is true of the whole installation: every process that is asked tells the same. */
export interface InstallationFigures {
  at: Date;
  store: StoreFigures;
  /** Workers that said within the last seconds that they poll. */
  workers: number;
}

/** What only a process with a worker knows. Whatever is absent is not known in this process and is not shown. */
export interface WorkFigures {
  reconciler?: ReconcilerFigures;
  /** Tasks that wait in the engine for a worker to take them, about. */
  backlog?: { queue: string; kind: 'workflow' | 'activity'; tasks: number }[];
  /** Open turns by the build that works on them. */
  openTurns?: { build: string; turns: number }[];
  /** Open workflows whose task fails again and again, by what they are. */
  stuck?: Partial<Record<'turn' | 'connection' | 'login' | 'webhook_delivery', number>>;
}

/** The reconciler of this process: how far behind it is, and what disagreed, by what became of it. */
export interface ReconcilerFigures {
  lagMs: number;
  disagreements: Readonly<Record<string, number>>;
  /** Looks that failed. */
  faults: number;
}

/** Gauges of what operators watch. All times are in seconds; 0 where nothing waits. */
export interface WorkGauges {
  setInstallation(figures: InstallationFigures): void;
  setWork(figures: WorkFigures): void;
}

/** Registers the gauges; `docs/operations.md` says what to do when one of them rises. */
export function createWorkGauges(registry: Registry): WorkGauges {
  const setInstallation = installationGauges(registry);
  const setWork = workGauges(registry);
  return { setInstallation, setWork };
}

function installationGauges(registry: Registry): WorkGauges['setInstallation'] {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const starting = gauge('longturn_oldest_starting_seconds', 'Age of the oldest turn that is being started.');
  const queued = gauge(
    'longturn_oldest_queued_seconds',
    'Age of the oldest turn behind another in its session.',
  );
  const approval = gauge('longturn_oldest_approval_seconds', 'Age of the oldest pending approval.');
  const deletion = gauge(
    'longturn_oldest_deletion_seconds',
    'Age of the oldest deletion that is not finished.',
  );
  const deletions = gauge('longturn_unfinished_deletions', 'Deleted turns of which something is left.');
  const unknown = gauge(
    'longturn_unknown_outcomes',
    'Tool executions of which nobody knows whether they happened.',
  );
  const notes = gauge(
    'longturn_undelivered_notes',
    'Sessions whose record the note store does not have as it is.',
  );
  const oldestNote = gauge(
    'longturn_oldest_undelivered_note_seconds',
    'Age of the oldest change of a record that the note store does not have.',
  );
  const workers = gauge('longturn_workers', 'Workers that said within the last 6 s that they poll.');
  const waits = labelled(
    registry,
    'longturn_model_waits',
    'Turns that wait for a model that failed, by the model that is asked next.',
    'model',
  );

  return ({ at, store, workers: polling }) => {
    const ageOf = (instant: string | undefined) =>
      instant === undefined ? 0 : Math.max(0, (at.getTime() - Date.parse(instant)) / 1_000);
    starting.set(ageOf(store.oldestStartingAt));
    queued.set(ageOf(store.oldestQueuedAt));
    approval.set(ageOf(store.oldestApprovalAt));
    deletion.set(ageOf(store.oldestDeletionAt));
    deletions.set(store.unfinishedDeletions);
    unknown.set(store.unknownOutcomes);
    notes.set(store.undeliveredNotes);
    oldestNote.set(ageOf(store.oldestUndeliveredNoteAt));
    workers.set(polling);
    waits.reset();
    for (const { model, turns } of store.modelWaits) waits.set({ model }, turns);
  };
}

function workGauges(registry: Registry): WorkGauges['setWork'] {
  const setReconciler = reconcilerGauges(registry);
  const backlog = labelled(
    registry,
    'longturn_task_backlog',
    'Tasks that wait for a worker, about.',
    'queue',
    'kind',
  );
  const builds = labelled(
    registry,
    'longturn_open_turns',
    'Open turns by the build that works on them.',
    'build',
  );
  const stuck = labelled(
    registry,
    'longturn_turns_stuck',
    'Turns whose workflow task fails again and again.',
  );
  const stuckAuth = labelled(
    registry,
    'longturn_auth_workflows_stuck',
    'Workflows of managed auth whose task fails again and again.',
    'kind',
  );

  return ({ reconciler, stuck: { turn, ...auth } = {}, backlog: tasks = [], openTurns = [] }) => {
    if (reconciler) setReconciler(reconciler);
    if (turn !== undefined) stuck.set(turn);
    for (const [kind, count] of Object.entries(auth)) stuckAuth.set({ kind }, count);
    for (const each of [backlog, builds]) each.reset();
    for (const { queue, kind, tasks: count } of tasks) backlog.set({ queue, kind }, count);
    for (const { build, turns } of openTurns) builds.set({ build }, turns);
  };
}

function reconcilerGauges(registry: Registry): (figures: ReconcilerFigures) => void {
  const registers = [registry];
  const lag = labelled(
    registry,
    'longturn_reconciler_lag_seconds',
    'How long the turn that waited longest was not compared.',
  );
  const disagreements = new Counter({
    name: 'longturn_reconciler_disagreements_total',
    help: 'Turns on which store and engine disagreed, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const faults = new Counter({
    name: 'longturn_reconciler_faults_total',
    help: 'Looks of the reconciler that failed.',
    registers,
  });
  return (figures) => {
    lag.set(figures.lagMs / 1_000);
    disagreements.reset();
    for (const [outcome, count] of Object.entries(figures.disagreements))
      disagreements.inc({ outcome }, count);
    faults.reset();
    faults.inc(figures.faults);
  };
}

/** A gauge that is not shown until it is set: one without labels would begin as 0, a figure that nobody has measured. */
function labelled<L extends string>(registry: Registry, name: string, help: string, ...labelNames: L[]) {
  const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
  if (labelNames.length === 0) gauge.remove();
  return gauge;
}

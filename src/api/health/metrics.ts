import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TurnBuild } from '../../contract/index.ts';
import { createWorkGauges, type InstallationFigures, type WorkFigures } from './work-gauges.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DECISION_BUCKETS = [
  1,
  5,
  15,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  4 * HOUR,
  24 * HOUR,
  7 * 24 * HOUR,
];
const CALL_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, MINUTE, 5 * MINUTE];
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What is counted at the moment of a scrape. */
export interface Sample {
  turns: Partial<Record<string, number>>;
  pendingApprovals: number;
  /** Auth connections by status. */
  connections: Partial<Record<string, number>>;
  flowsInProgress: number;
  /** Open event streams of this process. */
  readers: number;
  installation: InstallationFigures;
}

/** What a part of this process adds to a scrape. One that fails is left out of it. */
export interface MetricSource {
  /** Figures that are shown as gauges of ours. */
  figures?(): Promise<WorkFigures>;
  /** More metrics in the Prometheus text format, under names that are not ours. */
  text?(): Promise<string>;
}

/** Measurements of this process in a registry of its own. All times are in seconds. */
export interface Metrics {
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  /** From the request of an approval to its decision. */
  observeDecision(action: string, seconds: number): void;
  observeModelCall(model: string, outcome: 'ok' | 'error', seconds: number): void;
  observeToolCall(tool: string, outcome: 'ok' | 'error', seconds: number): void;
  /** Has every scrape ask `source` too. */
  attach(source: MetricSource): void;
  /** Names of all measurements of ours. */
  names(): string[];
  /** A task that was left to other workers, because this one lacks what it needs. */
  countLeft(capability: string): void;
  /** A message to a workflow, or a start of one, that nobody of this installation sent, or not to this workflow. */
  countRefused(message: string, reason: string): void;
  /** How many open turns do not come on because their tasks fail, as the last look found. */
  /** Open workflows whose task fails again and again. */
  setStuck(kind: keyof NonNullable<WorkFigures['stuck']>, count: number): void;
  /** How many open turns are on each build of the workflow code. */
  setBuilds(builds: readonly TurnBuild[]): void;
  /** All measurements in the Prometheus text format. */
  scrape(sample: Sample): Promise<string>;
  /** Media type of what {@link scrape} returns. */
  readonly contentType: string;
}

/** Statuses that are always shown, so that a graph has a zero instead of a gap. */
const CONNECTION_STATUSES = ['AUTHENTICATED', 'NEEDS_AUTH'];
const TURN_STATUSES = ['queued', 'starting', 'running', 'waiting', 'completed', 'failed', 'cancelled'];

/** Makes the measurements of one process; nothing is shared between two of them. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge({ name, help, labelNames, registers });

  const work = createWorkGauges(registry);
  const sources: MetricSource[] = [];
  const turns = gauge('longturn_turns', 'Turns by status.', ['status']);
  const pending = gauge('longturn_pending_approvals', 'Calls that wait for a decision.');
  const connections = gauge('longturn_auth_connections', 'Auth connections by status.', ['status']);
  const flows = gauge('longturn_auth_flows_in_progress', 'Logins in progress.');
  const readers = gauge('longturn_sse_readers', 'Open event streams of this process.');
  const requests = histogram(
    'longturn_http_request_seconds',
    'Duration of HTTP requests by route; event streams count until they end.',
    ['method', 'route', 'status'],
    REQUEST_BUCKETS,
  );
  const decisions = histogram(
    'longturn_time_to_decision_seconds',
    'From the request of an approval to its decision.',
    ['action'],
    DECISION_BUCKETS,
  );
  const models = histogram(
    'longturn_model_call_seconds',
    'Duration of model calls, one per attempt.',
    ['model', 'outcome'],
    CALL_BUCKETS,
  );
  const tools = histogram(
    'longturn_tool_call_seconds',
    'Duration of tool executions, one per attempt.',
    ['tool', 'outcome'],
    CALL_BUCKETS,
  );

  const left = new Counter({
    name: 'longturn_tasks_left_to_others_total',
    help: 'Tasks that were left to other workers, because this one lacks what they need.',
    labelNames: ['capability'],
    registers,
  });
  const refused = new Counter({
    name: 'longturn_messages_refused_total',
    help: 'Messages to workflows, and starts of them, that nobody of this installation sent, or not to this workflow.',
    labelNames: ['message', 'reason'],
    registers,
  });
  // What this process found last, until it finds something else.
  const found: Pick<WorkFigures, 'stuck' | 'openTurns'> = {};

  return {
    countLeft: (capability) => left.inc({ capability }),
    countRefused: (message, reason) => refused.inc({ message, reason }),
    setBuilds(all) {
      found.openTurns = all.map(({ buildId, openTurns }) => ({ build: buildId, turns: openTurns }));
    },
    setStuck(kind, count) {
      found.stuck = { ...found.stuck, [kind]: count };
    },
    observeRequest: (method, route, status, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    observeDecision: (action, seconds) => decisions.observe({ action }, seconds),
    observeModelCall: (model, outcome, seconds) => models.observe({ model, outcome }, seconds),
    observeToolCall: (tool, outcome, seconds) => tools.observe({ tool, outcome }, seconds),
    attach: (source) => void sources.push(source),
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
    async scrape(sample) {
      for (const status of TURN_STATUSES) turns.set({ status }, sample.turns[status] ?? 0);
      for (const status of CONNECTION_STATUSES) {
        connections.set({ status }, sample.connections[status] ?? 0);
      }
      pending.set(sample.pendingApprovals);
      flows.set(sample.flowsInProgress);
      readers.set(sample.readers);
      work.setInstallation(sample.installation);
      const figures = await answers(sources.map((source) => source.figures?.()));
      work.setWork(Object.assign({}, found, ...figures));
      const texts = await answers(sources.map((source) => source.text?.()));
      return [await registry.metrics(), ...texts].join('\n');
    },
    contentType: registry.contentType,
  };
}

/** What came of it; a source that fails must not take the others' figures away. */
async function answers<T>(asked: (Promise<T> | undefined)[]): Promise<T[]> {
  const settled = await Promise.allSettled(asked.filter((answer) => answer !== undefined));
  return settled.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

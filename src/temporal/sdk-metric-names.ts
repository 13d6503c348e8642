/**
 * Metrics of Temporal's SDK that `ops/` builds upon, as a worker's `/metrics` shows them; histograms without their suffixes.
 * Those of failures are there once there was one.
 */
export const SDK_METRICS = [
  'temporal_workflow_task_execution_failed',
  'temporal_workflow_task_execution_latency',
  'temporal_workflow_task_schedule_to_start_latency',
  'temporal_worker_task_slots_used',
] as const;

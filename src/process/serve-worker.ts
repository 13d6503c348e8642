import type { Metrics } from '../api/health/metrics.ts';
import { takeSample } from '../api/sample.ts';
import type { Base } from './base.ts';
import { startWorkerServer } from './worker-server.ts';

/** Serves a worker's metrics where it is configured; says where. */
export async function serveWorker(
  { base, metrics, polls }: { base: Base; metrics: Metrics; polls(): boolean },
  running: AsyncDisposableStack,
): Promise<{ metrics?: string }> {
  const { config, store, log, now } = base;
  const { host, port } = config.workerHttp;
  if (port === undefined) return {};
  const { contentType } = metrics;
  const text = async () => metrics.scrape(await takeSample(store, now(), 0));
  const server = running.use(
    await startWorkerServer({ host, port, metrics: { contentType, text }, polls, log }),
  );
  return { metrics: `${server.url}/metrics` };
}

import type { Store } from '../store/store.ts';
import { SILENT_MS } from '../store/workers/worker-silence.ts';
import type { Sample } from './health/metrics.ts';

/** Counts what a scrape tells of the whole installation. */
export async function takeSample(store: Store, at: Date, readers: number): Promise<Sample> {
  const [turns, logins, figures, workers] = await Promise.all([
    store.turns.counts(),
    store.auth.connections.counts(),
    store.figures(),
    store.workers.seenSince(new Date(at.getTime() - SILENT_MS).toISOString()),
  ]);
  return { ...turns, ...logins, readers, installation: { at, store: figures, workers } };
}

import type { Store } from '../store/store.ts';
import type { Sample } from './metrics.ts';

/** A worker says every 2 s that it polls; one that has been silent for longer than this is gone, in milliseconds. */
export const SILENT_MS = 6_000;

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

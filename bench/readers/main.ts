// Many SSE readers of one turn, in a process of their own; the order comes and the report goes by process messages.
import { once } from 'node:events';
import { percentiles } from '../statistics.ts';
import type { ReadersOpened, ReadersOrder, ReadersReport } from './readers.ts';
import { type Arrival, openSocketReader, type SocketReader } from './socket-reader.ts';

/** Connections that are opened at once. */
const BATCH = 100;

const [order] = (await once(process, 'message')) as [ReadersOrder];
const arrivals: Arrival[] = [];
const readers: SocketReader[] = [];
const begin = performance.now();
while (readers.length < order.readers) {
  const batch = Array.from({ length: Math.min(BATCH, order.readers - readers.length) }, () =>
    openSocketReader(order, (arrival) => arrivals.push(arrival)),
  );
  await Promise.all(batch.map(({ opened }) => opened));
  readers.push(...batch);
}
process.send?.({ openedMs: performance.now() - begin } satisfies ReadersOpened);
await Promise.all(readers.map(({ ended }) => ended));
process.send?.(reportOf(arrivals));
process.disconnect();

function reportOf(all: Arrival[]): ReadersReport {
  const counted = all.filter(({ type }) => type === order.type);
  const first = new Map<string, number>();
  for (const { id, arrivedMs } of counted) {
    first.set(id, Math.min(first.get(id) ?? Number.POSITIVE_INFINITY, arrivedMs));
  }
  return {
    deliveries: all.length,
    frames: first.size,
    missing: first.size * order.readers - counted.length,
    fromEvent: percentiles(counted.map(({ at, arrivedMs }) => arrivedMs - Date.parse(at))),
    fromFirst: percentiles(counted.map(({ id, arrivedMs }) => arrivedMs - (first.get(id) ?? arrivedMs))),
  };
}

import { createFlowStreams, type FlowStreams } from '../../src/api/auth/stream/flow-streams.ts';
import { createReaders } from '../../src/api/stream/readers.ts';
import { createStreams, type Streams } from '../../src/api/stream/streams.ts';
import type { TurnWatchDeps } from '../../src/api/stream/turn-watch.ts';
import { createLogger } from '../../src/logger.ts';

/** What streams of a test are made of. */
export type TestStreamDeps = Pick<TurnWatchDeps, 'store' | 'feed' | 'observer'> & Partial<TurnWatchDeps>;

/** Real streams of all kinds, as a process has them. Their readers are told to go first. */
export interface OpenStreams extends AsyncDisposable {
  streams: Streams;
  flowStreams: FlowStreams;
}

export function openStreams(given: TestStreamDeps): OpenStreams {
  const deps = { log: createLogger({ level: 'fatal' }), ...given };
  const running = new AsyncDisposableStack();
  const readers = createReaders();
  const streams = running.use(createStreams(deps, readers));
  const flowStreams = running.use(createFlowStreams(deps, readers));
  running.use(readers);
  return { streams, flowStreams, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

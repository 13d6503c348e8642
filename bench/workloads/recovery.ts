import { createApi, SCRIPT } from '../client/api.ts';
import { decideStubbornly } from '../client/decide-stubbornly.ts';
import { inFlight } from '../client/in-flight.ts';
import { readTurn } from '../client/turn-reader.ts';
import { startLongturn } from '../system/longturn.ts';
import { ASKING_AGENT, putAgents } from './pair.ts';

/** Turns that wait while the worker is killed. */
const PARKED = 20;

/**
 * `kill -9` of the worker alone, a new one at once, a decision at once: until the terminal event has arrived over SSE, in
 * milliseconds; one figure for each kill. Engine, worker and API are processes of their own here.
 */
export async function measureWorkerKills(kills: number): Promise<number[]> {
  await using system = await startLongturn({ parts: ['engine', 'worker', 'api'] });
  await using api = createApi(system);
  await putAgents(api);
  const turns = await inFlight(PARKED, 10, () => api.startTurn(ASKING_AGENT, SCRIPT));
  const figures: number[] = [];
  for (const turn of turns.slice(0, kills)) {
    const reader = await readTurn(api, turn.id, `${turn.ordinal}.0`);
    const callId = /"callId":"([^"]+)"/.exec(await reader.seen('approval.requested'))?.[1] ?? '';
    const begin = performance.now();
    await system.kill9('worker');
    system.launch('worker');
    await decideStubbornly(api, turn.id, callId);
    await reader.completed;
    figures.push(performance.now() - begin);
  }
  return figures;
}

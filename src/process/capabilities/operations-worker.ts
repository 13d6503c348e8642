import { createHistoryEraser } from '../../temporal/history-eraser.ts';
import { createKeeping } from '../../upkeep/keeping.ts';
import type { WorkerCapability, WorkerContext } from './capability.ts';

const DAY_MS = 86_400_000;
const SWEEP_EVERY_MS = 60_000;
const ERASE_EVERY_MS = 2_000;
const EXPIRE_EVERY_MS = 30_000;

/** What a worker deletes: what is past its time, and what people have deleted. */
export async function operationsWorker({ base }: WorkerContext): Promise<WorkerCapability> {
  const { config, store, notes, noteDelivery, client, names, log, now } = base;
  const { retention } = config;
  const eraser = createHistoryEraser(client, names.turnWorkflowId);
  const keeping = createKeeping({ store, notes, noteDelivery, eraser, retention, log, now });
  const deltasKeptMs = retention.deltas === undefined ? undefined : retention.deltas * DAY_MS;
  const sweep = () => store.sweep(now().toISOString(), deltasKeptMs);
  return {
    rounds: [
      { name: 'sweep', every: SWEEP_EVERY_MS, run: sweep },
      { name: 'erase what was deleted', every: ERASE_EVERY_MS, run: () => keeping.erase() },
      {
        name: 'delete what is past its retention',
        every: EXPIRE_EVERY_MS,
        run: () => keeping.expire(),
      },
    ],
  };
}

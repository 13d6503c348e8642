import type { Logger } from 'pino';
import type { WaitKey } from '../../core/turn/wait-key.ts';
import type { WaiterStore } from '../../store/store.ts';
import type { TurnGateway } from '../../temporal/turn/turn-gateway.ts';

export interface WakeDeps {
  waiters: Pick<WaiterStore, 'of'>;
  turnGateway: Pick<TurnGateway, 'wakeCall'>;
  log: Logger;
}

/** Wakes the calls that wait for what has happened, once it is stored. A turn that cannot be reached looks again by itself. */
export async function wakeWaiting({ waiters, turnGateway, log }: WakeDeps, key: WaitKey): Promise<void> {
  for (const { turnId, callId } of await waiters.of(key)) {
    await turnGateway
      .wakeCall(turnId, callId)
      .catch((error) => log.warn({ err: error, turnId, callId }, 'turn not woken; it looks again by itself'));
  }
}

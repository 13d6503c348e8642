import type { Client } from '@temporalio/client';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { Message } from '../../core/turn/messages.ts';
import { isUnanswered, isUnprocessed, translate } from '../engine-errors.ts';
import { createPerTurnLimit } from './per-turn-limit.ts';
import type { Delivery } from './turn-gateway.ts';

/** How long an Update may wait for a worker before it is sent as a signal, in milliseconds. */
const UPDATE_WAIT_MS = 5_000;
/** How long anything else may wait for the engine, in milliseconds. */
export const ENGINE_WAIT_MS = 5_000;
/** How often an Update is sent that a worker took and did not answer. */
const UPDATE_ATTEMPTS = 3;

/** One message under its two names: the Update answers, the signal is stored by the engine without a worker. */
export type Sendable<R, M> = [update: UpdateDefinition<R, [M]>, signal: SignalDefinition<[M]>];

/** How the API talks to workflows. Throws `MessageRefused`, `TurnClosed`, `EngineUnavailable`. */
export interface Messenger {
  /** Calls the engine within a bound, in milliseconds. */
  within<T>(waitMs: number, call: () => Promise<T>): Promise<T>;
  /** Stored by the engine when it resolves. */
  signal<M>(workflowId: string, definition: SignalDefinition<[M]>, message: M): Promise<void>;
  /** The Update, and the signal of the same name where no worker answers; the message's id makes them one. */
  deliver<R, M extends Message>(
    workflowId: string,
    sendable: Sendable<R, M>,
    message: M,
  ): Promise<Delivery<R>>;
}

/** A messenger over Temporal's client. */
export function createMessenger(client: Client): Messenger {
  const limited = createPerTurnLimit();

  const within: Messenger['within'] = async (waitMs, call) => {
    try {
      return await client.withDeadline(Date.now() + waitMs, call);
    } catch (error) {
      throw translate(error);
    }
  };
  const signal: Messenger['signal'] = (workflowId, definition, message) =>
    within(ENGINE_WAIT_MS, () => client.workflow.getHandle(workflowId).signal(definition, message));

  return {
    within,
    signal,
    deliver: (workflowId, [update, fallback], message) =>
      limited(workflowId, Buffer.byteLength(JSON.stringify(message)), async () => {
        const handle = client.workflow.getHandle(workflowId);
        try {
          const result = await client.withDeadline(Date.now() + UPDATE_WAIT_MS, () =>
            untilProcessed(() =>
              handle.executeUpdate(update, { args: [message], updateId: message.messageId }),
            ),
          );
          return { delivery: 'answered', result };
        } catch (error) {
          if (!isUnanswered(error) && !isUnprocessed(error)) throw translate(error);
          await signal(workflowId, fallback, { ...message, via: 'signal' });
          return { delivery: 'accepted' };
        }
      }),
  };
}

/** A worker that was replaying took the Update without answering it: the same one may be sent again. */
export async function untilProcessed<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!isUnprocessed(error) || attempt === UPDATE_ATTEMPTS) throw error;
    }
  }
}

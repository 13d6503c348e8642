import type { Actor, Turn, TurnEvent } from '../../../contract/index.ts';
import type { TurnRecord } from '../../../store/store.ts';
import { hasEnded } from '../../../store/turn/turn-states.ts';
import type { MessageOrigin } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { toStart, toTurn } from '../turn-view.ts';
import { findTurn } from './find.ts';
import { awaitEnd, isEnding } from './live-turn.ts';
import { turnEnded } from './settled-call.ts';

/** What may be said to a whole turn. Each answers with the turn as it stands; what comes of it is in its events. */
export interface TurnControl {
  /** Abandons the turn now. A turn that is cancelled already is answered as it is. */
  cancel(id: string, reason: string | undefined, by: Actor): Promise<Turn>;
  /** Lets the turn finish its step, then ends it; a turn that has not begun is cancelled. */
  stop(id: string, by: Actor): Promise<Turn>;
  /** Gives the model a message before its next step. */
  steer(id: string, message: string, by: Actor): Promise<Turn>;
}

/** How often a row may change under our eyes before we give up. */
const ATTEMPTS = 3;

/** Queued turns are changed in the store; begun ones are asked through the gateway. */
export function createTurnControl(deps: ApiDeps): TurnControl {
  const { store, gateway, feed, now, newId } = deps;

  const origin = (by: Actor): MessageOrigin => ({ messageId: newId('msg'), by, via: 'signal' });

  async function cancelQueued(
    turn: TurnRecord,
    reason: string | undefined,
    by: Actor,
  ): Promise<TurnRecord | undefined> {
    const at = now().toISOString();
    const event: TurnEvent = {
      seq: 1,
      type: 'turn.cancelled',
      at,
      turnId: turn.id,
      ...(reason !== undefined && { reason }),
      by,
    };
    const cancelled = await store.turns.cancelQueued(turn.id, event, at);
    if (cancelled === undefined) return undefined;
    feed.publish({ topic: 'turn', turnId: turn.id, change: 'closed' });
    feed.publish({ topic: 'session', sessionId: turn.sessionId });
    return cancelled;
  }

  /** Sends to the workflow, which may not have been started yet; what it says after its end is left to `ended`. */
  async function send(
    turn: TurnRecord,
    message: () => Promise<unknown>,
    ended: (turn: TurnRecord) => Turn,
    cancelled?: { by: Actor; reason: string | undefined },
  ): Promise<Turn> {
    try {
      if (turn.state === 'starting') await gateway.start(toStart(turn));
      await message();
      return toTurn(await findTurn(store, turn.id));
    } catch (error) {
      if (!isEnding(error)) throw error;
      return ended(await awaitEnd(deps, turn.id, cancelled));
    }
  }

  async function cancel(id: string, reason: string | undefined, by: Actor): Promise<Turn> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const turn = await findTurn(store, id);
      if (hasEnded(turn.state)) return cancelledOnly(turn);
      if (turn.state !== 'queued') {
        return send(turn, () => gateway.cancel(id, reason, origin(by)), cancelledOnly, { by, reason });
      }
      const cancelled = await cancelQueued(turn, reason, by);
      if (cancelled !== undefined) return toTurn(cancelled);
    }
    throw new Error(`turn ${id} is neither queued nor begun`);
  }

  return {
    cancel,
    async stop(id, by) {
      const turn = await findTurn(store, id);
      if (hasEnded(turn.state)) throw turnEnded(turn);
      if (turn.state === 'queued') return cancel(id, 'stopped before it began', by);
      return send(turn, () => gateway.stop(id, origin(by)), refuse);
    },
    async steer(id, message, by) {
      const turn = await findTurn(store, id);
      if (hasEnded(turn.state)) throw turnEnded(turn);
      if (turn.state === 'queued') {
        const detail = `Turn ${id} is queued: steer it once it runs, or cancel it and start another.`;
        throw new ApiProblem('action_not_allowed', detail);
      }
      return send(turn, () => gateway.steer(id, message, origin(by)), refuse);
    },
  };
}

function cancelledOnly(turn: TurnRecord): Turn {
  if (turn.state !== 'cancelled') throw turnEnded(turn);
  return toTurn(turn);
}

function refuse(turn: TurnRecord): never {
  throw turnEnded(turn);
}

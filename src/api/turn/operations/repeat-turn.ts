import type { Turn } from '../../../contract/index.ts';
import { digestOf } from '../../../digest.ts';
import type { ActingToken, NewTurn, TurnRecord } from '../../../store/store.ts';
import { hasEnded } from '../../../store/turn/turn-states.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { findTurn } from './find.ts';
import { type Admitted, createAdmitTurn } from './start-turn.ts';

interface Request {
  turnId: Turn['id'];
  /** Who asks: the new turn acts for this token, whoever asked for the first. */
  acting: ActingToken;
  /** The client's `Idempotency-Key`. */
  key: string | undefined;
}

/** Makes new turns of ended ones, in the same session. */
export interface RepeatTurn {
  /** Goes on where a failed or cancelled turn stopped; each turn is retried once, and then its retry is. */
  retry(request: Request): Promise<Admitted>;
  /** Begins again with the input, client tools, limits and metadata of an ended turn. */
  rerun(request: Request): Promise<Admitted>;
}

/** Both are admitted as any other turn is, and so is a repeat with the same key. */
export function createRepeatTurn(deps: ApiDeps): RepeatTurn {
  const { store, now, newId } = deps;
  const admitTurn = createAdmitTurn(deps);

  const admit = async (
    { turnId, acting, key }: Request,
    turn: TurnRecord,
    link: Pick<NewTurn, 'retryOf' | 'rerunOf'>,
  ) => {
    if ((await store.agents.get(turn.agent)) === undefined) {
      throw new ApiProblem('agent_not_found', `There is no agent ${turn.agent} any more.`);
    }
    const { sessionId, agent, input, clientTools, limits, metadata } = turn;
    const createdAt = now().toISOString();
    const again = { id: newId('turn'), sessionId, agent, input, clientTools, limits, metadata, createdAt };
    const claim =
      key === undefined
        ? undefined
        : { tokenId: acting.tokenId, key, bodyDigest: digestOf({ turnId, ...link }) };
    return admitTurn({ ...again, ...link, acting }, claim);
  };

  return {
    async retry(request) {
      const turn = await findEnded(request.turnId);
      if (turn.state === 'completed') {
        throw new ApiProblem(
          'not_retryable',
          `Turn ${turn.id} is completed: there is nothing to go on with. Rerun it, or start a new turn.`,
        );
      }
      return admit(request, turn, { retryOf: turn.id });
    },
    async rerun(request) {
      const turn = await findEnded(request.turnId);
      return admit(request, turn, { rerunOf: turn.id });
    },
  };

  async function findEnded(id: string): Promise<TurnRecord> {
    const turn = await findTurn(store, id);
    if (hasEnded(turn.state)) return turn;
    throw new ApiProblem(
      'turn_not_ended',
      `Turn ${id} is ${turn.state}. Wait for its end, or cancel it first.`,
    );
  }
}

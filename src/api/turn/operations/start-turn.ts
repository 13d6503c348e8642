import { clientToolProblems } from '../../../agents/check-tools.ts';
import type { StartTurnBody } from '../../../contract/index.ts';
import { digestOf } from '../../../digest.ts';
import type { ActingToken, Admission, IdempotencyClaim, NewTurn, TurnRecord } from '../../../store/store.ts';
import { EngineUnavailable } from '../../../temporal/turn/turn-gateway.ts';
import type { FieldProblem } from '../../../tools/schema-problems.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { dottedPath } from '../../request-faults.ts';
import { noSuchAgent } from '../no-such-agent.ts';
import { toStart } from '../turn-view.ts';
import { findTurn, sessionDeleted } from './find.ts';

interface Request {
  body: StartTurnBody;
  /** Who asks: the turn acts for this token. */
  acting: ActingToken;
  /** The client's `Idempotency-Key`. */
  key: string | undefined;
}

/** A turn as it was admitted; `replayed`: by an earlier request with the same key. */
export interface Admitted {
  turn: TurnRecord;
  replayed: boolean;
}

/** Admits turns and starts their workflows. */
export type StartTurn = (request: Request) => Promise<Admitted>;

/** Checks what a client wants a turn to be. */
export function createStartTurn(deps: ApiDeps): StartTurn {
  const { store, tools, schemas, now, newId } = deps;
  const admitTurn = createAdmitTurn(deps);

  return async ({ body, acting, key }) => {
    const agent = await store.agents.get(body.agent);
    if (agent === undefined) {
      throw await noSuchAgent(store, body.agent, ' GET /v1/agents lists those that are.');
    }
    const clientTools = body.clientTools ?? [];
    const taken = [...tools.names(), ...agent.clientTools.map(({ name }) => name)];
    refuseFaults(await clientToolProblems(clientTools, taken, schemas));
    return admitTurn(
      {
        id: newId('turn'),
        sessionId: body.sessionId ?? newId('ses'),
        agent: body.agent,
        input: body.input,
        clientTools,
        limits: body.limits ?? {},
        metadata: body.metadata ?? {},
        createdAt: now().toISOString(),
        acting,
      },
      key === undefined ? undefined : { tokenId: acting.tokenId, key, bodyDigest: digestOf(body) },
    );
  };
}

/** A turn is admitted by the store in one transaction; a start that fails is made good by the sweep. */
export function createAdmitTurn({
  store,
  gateway,
  feed,
  log,
}: ApiDeps): (turn: NewTurn, claim: IdempotencyClaim | undefined) => Promise<Admitted> {
  return async (turn, claim) => {
    const admission = await store.turns.admit(turn, claim);
    if (admission.outcome === 'turn_deleted') await findTurn(store, admission.turnId);
    const admitted = accepted(admission, turn);
    await begin(admitted.turn);
    return admitted;
  };

  async function begin(turn: TurnRecord): Promise<void> {
    feed.publish({ topic: 'session', sessionId: turn.sessionId });
    if (turn.state !== 'starting') return;
    try {
      await gateway.start(toStart(turn));
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      const { id: turnId, sessionId } = turn;
      log.warn({ err: error, turnId, sessionId }, 'turn admitted, not started yet: the sweep will start it');
    }
  }
}

function accepted(admission: Admission, turn: NewTurn): Admitted {
  switch (admission.outcome) {
    case 'created':
    case 'replayed':
      return { turn: admission.turn, replayed: admission.outcome === 'replayed' };
    case 'key_reused':
      throw new ApiProblem(
        'idempotency_key_reused',
        'This Idempotency-Key was sent with another body before. Send a new key for a new turn.',
      );
    case 'turn_deleted':
      throw new ApiProblem(
        'turn_deleted',
        `The turn of this Idempotency-Key, ${admission.turnId}, was deleted.`,
      );
    case 'session_deleted':
      throw sessionDeleted(turn.sessionId);
    case 'agent_mismatch':
      throw new ApiProblem(
        'session_agent_mismatch',
        `Session ${turn.sessionId} belongs to the agent ${admission.agent}. Use that agent, or another session.`,
      );
    case 'already_retried':
      throw new ApiProblem(
        'already_retried',
        `Turn ${turn.retryOf} is retried by turn ${admission.by} already. Once that has failed, retry that one.`,
      );
  }
}

function refuseFaults(problems: FieldProblem[]): void {
  if (problems.length === 0) return;
  const errors = problems.map(({ path, message }) => ({ path: dottedPath('body', path), message }));
  throw new ApiProblem('input_invalid', 'Some client tools cannot be offered to the model; see errors.', {
    errors,
  });
}

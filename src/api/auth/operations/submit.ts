import { type Actor, type FlowView, isFlowEnd, type SubmitBody } from '../../../contract/index.ts';
import { canonicalJson } from '../../../digest.ts';
import type { ConnectionRecord, FlowRecord } from '../../../store/auth-store.ts';
import type { AuthGateway } from '../../../temporal/auth/auth-gateway.ts';
import { EngineUnavailable, MessageRefused, TurnClosed } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import type { Caller } from '../../plugins/bearer.ts';
import { ApiProblem } from '../../problems.ts';
import { assertAnswerFits } from './answer-faults.ts';
import { awaitFlow, awaitFlowEnd } from './await-flow-end.ts';
import { findFlow } from './find-connection.ts';
import { nothingAsked, refuseStale, stale } from './stale-answer.ts';
import { type StoreViewDeps, storeView } from './store-view.ts';
import { answerIn, type PlainAnswer } from './submit-mode.ts';
import { sealAnswer } from './submitted-secrets.ts';

/** A client's own retry is known for this long, in milliseconds. */
const REPEAT_MS = 120_000;

export interface SubmitCall {
  connection: ConnectionRecord;
  body: SubmitBody;
  caller: Caller;
  by: Actor;
  /** The client says that it sends this request again. */
  isRepeat: boolean;
}

/** Resolves once GET and every new stream show that the answer was accepted. */
export type Submit = (call: SubmitCall) => Promise<void>;

type SubmitDeps = StoreViewDeps & Pick<ApiDeps, 'authGateway' | 'vault' | 'flowStreams'>;

/** Hashes by which a client's retry of the same body is recognized. */
interface BodyHashes {
  accepted: string;
  /** Sent and not answered: it may have been accepted. */
  unanswered: string;
}

export function createSubmit(deps: SubmitDeps): Submit {
  const { store, vault, now } = deps;
  const { flows } = store.auth;

  const hashesOf = ({ caller, body }: SubmitCall): BodyHashes => {
    const text = canonicalJson({ client: caller.id, body });
    return { accepted: vault.hash(text, 'submit-body'), unanswered: vault.hash(text, 'submit-attempt') };
  };

  const since = () => new Date(now().getTime() - REPEAT_MS).toISOString();

  /** The question that is answered: the named one, the one that this client saw last, the one that is asked now. */
  async function bind({ body, caller, isRepeat }: SubmitCall, flow: FlowRecord, hashes: BodyHashes) {
    if (body.interaction_id !== undefined) return body.interaction_id;
    const answered = isRepeat ? await flows.submitSince(flow.id, hashes.unanswered, since()) : undefined;
    return answered ?? (await flows.shown(flow.id, caller.id)) ?? flow.view.interaction_id;
  }

  async function send(call: SubmitCall, flow: FlowRecord, plain: PlainAnswer, hashes: BodyHashes) {
    const interactionId = await bind(call, flow, hashes);
    if (interactionId === null) throw flow.view.flow_step === 'SUBMITTING' ? stale() : nothingAsked();
    await refuseStale(flows, flow, interactionId);
    assertAnswerFits(flow.view, interactionId, plain);
    const flowId = flow.id;
    // When it was sent, not when it was answered: submits are told apart by the order of their questions.
    const at = now().toISOString();
    const note = (bodyHash: string) => flows.noteSubmit({ flowId, bodyHash, interactionId, at });
    const updateId = vault.hash(canonicalJson({ flowId, interactionId, plain }), 'submit');
    const { answer, forget } = await sealAnswer(deps, plain, { flow, interactionId, updateId });
    try {
      const view = await acceptedView(deps, flow, {
        interactionId,
        answer,
        updateId,
        by: call.by,
        via: 'update',
      });
      await note(hashes.accepted);
      await storeView(deps, { connectionId: flow.connectionId, view });
    } catch (error) {
      // It may have been accepted: the secrets that it refers to stay, and a retry is bound to the same question.
      if (error instanceof EngineUnavailable) await note(hashes.unanswered);
      if (error instanceof MessageRefused || error instanceof TurnClosed) await forget();
      throw error;
    }
  }

  return async (call) => {
    const plain = answerIn(call.body);
    const flow = await findFlow(store, call.connection, call.caller);
    if (flow === undefined) throw noActiveFlow();
    const hashes = hashesOf(call);
    const isEnded = isFlowEnd(flow.view.flow_status);
    const taken = call.isRepeat ? await flows.submitSince(flow.id, hashes.accepted, since()) : undefined;
    if (taken !== undefined) {
      if (!isEnded) await refuseStale(flows, flow, taken);
      return;
    }
    if (isEnded) throw over(flow);
    try {
      await send(call, flow, plain, hashes);
    } catch (error) {
      throw await problemOf(deps, flow, error);
    }
  };
}

/** How long an answer that was sent as a signal may take to show, in milliseconds. */
const TAKEN_WITHIN_MS = 5_000;

/**
 * The view that shows that an answer was accepted. Where no worker answers, the engine has stored the answer, and the workflow
 * accepts it once when a worker is back. Whether it did is asked once the stored view shows another question. Where no worker
 * is back by then, the outcome is unknown, and 202 would promise what GET does not show.
 */
async function acceptedView(
  { store, authGateway }: SubmitDeps,
  { id }: FlowRecord,
  message: Parameters<AuthGateway['submit']>[1],
): Promise<FlowView> {
  const first = await authGateway.submit(id, message);
  if (first.delivery === 'answered') return first.result;
  const hasLeft = ({ view }: FlowRecord) => view.interaction_id !== message.interactionId;
  const flow = await awaitFlow(store, id, hasLeft, TAKEN_WITHIN_MS);
  const again = flow && !hasLeft(flow) ? first : await authGateway.submit(id, message);
  if (again.delivery === 'answered') return again.result;
  throw new EngineUnavailable('The answer is kept, and no worker has taken it yet.');
}

/** What a refusal means to the caller; an end is answered once it is stored and its readers are notified. */
async function problemOf(deps: SubmitDeps, flow: FlowRecord, error: unknown): Promise<unknown> {
  const isEnd =
    error instanceof TurnClosed ||
    (error instanceof MessageRefused &&
      (error.code === 'session_expired' || error.code === 'no_active_flow'));
  if (!isEnd) return error;
  const stored = await awaitFlowEnd(deps, flow.id);
  if (stored === undefined) return noActiveFlow();
  if (isFlowEnd(stored.view.flow_status)) return over(stored);
  // The caller must not be told of the end before those who follow the login.
  return new EngineUnavailable('The end of the login is not stored yet.', { cause: error });
}

function over({ view }: FlowRecord): ApiProblem {
  return view.flow_status === 'EXPIRED' ? expired() : noActiveFlow();
}

function expired(): ApiProblem {
  return new ApiProblem('session_expired', 'The time for this login is over. Begin a new one.');
}

function noActiveFlow(): ApiProblem {
  return new ApiProblem('no_active_flow', 'There is no login in progress. Begin one.');
}

import { ApplicationFailure, log, setHandler, uuid4 } from '@temporalio/workflow';
import { type Refusal, refuseDecision, refuseResult, takeDecision, takeResult } from './decisions.ts';
import { isActor, steerFault } from './message-shapes.ts';
import {
  alwaysAllowSignal,
  alwaysAllowUpdate,
  type Cancel,
  type ClientToolResult,
  cancelSignal,
  clientToolResultSignal,
  clientToolResultUpdate,
  eventsSinceQuery,
  grantRevokedSignal,
  type Message,
  type Steer,
  snapshotQuery,
  steerSignal,
  steerUpdate,
  stopSignal,
  stopUpdate,
  type ToolDecision,
  toolDecisionSignal,
  toolDecisionUpdate,
  wakeCallSignal,
} from './messages.ts';
import { callOf, type Turn, takeUp } from './turn.ts';
import { snapshotOf } from './turn-state.ts';

/**
 * Registers every message of the turn, synchronously and before anything else. A signal and the Update of the same
 * name share one handler; handlers record and return, the main loop acts.
 */
export function handleMessages(turn: Turn, interrupt: (cancel: Cancel) => void): void {
  setHandler(snapshotQuery, () => snapshotOf(turn, turn.log.state(), turn.memory.usage));
  setHandler(eventsSinceQuery, (reader) => ({ ...turn.log.since(reader), usage: turn.memory.usage }));
  handleDecisions(turn);

  const result = share<ClientToolResult, { callId: string }>({
    refuse: (message) => refuseResult(turn, message),
    take: (message) => takeResult(turn, message),
  });
  setHandler(clientToolResultUpdate, result.update, { validator: result.validate });
  setHandler(clientToolResultSignal, result.signal);

  const steer = share<Steer, null>({
    refuse: (message) => refuseEnded(turn) ?? refuseShape(steerFault(message)),
    take: ({ messageId, message, by }) => {
      if (takeUp(turn, messageId)) turn.memory.steers.push({ message, by });
      return null;
    },
  });
  setHandler(steerUpdate, steer.update, { validator: steer.validate });
  setHandler(steerSignal, steer.signal);

  const stop = share<Message, null>({
    refuse: () => refuseEnded(turn),
    take: () => {
      turn.memory.stopping = true;
      return null;
    },
  });
  setHandler(stopUpdate, stop.update, { validator: stop.validate });
  setHandler(stopSignal, stop.signal);

  setHandler(cancelSignal, (message) => {
    if (!turn.ending) interrupt(withReason(identified(message)));
  });
  setHandler(grantRevokedSignal, (message) => {
    const { grantId } = given(message);
    turn.memory.grants = turn.memory.grants.filter((grant) => grant.id !== grantId);
  });
  setHandler(wakeCallSignal, (message) => {
    const { callId } = given(message);
    if (typeof callId === 'string' && callOf(turn, callId)?.status === 'running') turn.woken.add(callId);
  });
}

function handleDecisions(turn: Turn): void {
  const now = () => new Date().toISOString();
  const decision = share<ToolDecision, ReturnType<typeof takeDecision>>({
    refuse: (message) => refuseDecision(turn, message, now()),
    take: (message) => takeDecision(turn, message, now()),
  });
  const always = share<ToolDecision, ReturnType<typeof takeDecision>>({
    read: (message) => ({ ...message, action: 'always' }),
    refuse: (message) => refuseDecision(turn, message, now()),
    take: (message) => takeDecision(turn, message, now()),
  });
  setHandler(toolDecisionUpdate, decision.update, { validator: decision.validate });
  setHandler(toolDecisionSignal, decision.signal);
  setHandler(alwaysAllowUpdate, (message) => always.update(message as ToolDecision), {
    validator: (message) => always.validate(message as ToolDecision),
  });
  setHandler(alwaysAllowSignal, (message) => always.signal(message as ToolDecision));
}

function refuseShape(fault: string | undefined): Refusal | undefined {
  return fault === undefined ? undefined : { code: 'validation_failed', message: fault };
}

function refuseEnded(turn: Turn): Refusal | undefined {
  return turn.ending ? { code: 'turn_ended', message: 'The turn has ended.' } : undefined;
}

interface Meaning<M, R> {
  /** Brings what was sent into the one shape of both. */
  read?(message: M): M;
  refuse(message: M): Refusal | undefined;
  take(message: M): R;
}

/** One meaning for the Update and the signal of a name: the Update answers or throws, the signal is dropped when refused. */
function share<M extends Message, R>({ read = (message) => message, refuse, take }: Meaning<M, R>) {
  const validate = (message: M) => {
    const refusal = refuse(read(given(message) as M));
    if (refusal) throw refused(refusal);
  };
  return {
    validate,
    update(message: M): R {
      // Between the validator and this handler another message of the same task may have been taken.
      validate(message);
      return take(read(identified(message)));
    },
    signal(message: M): void {
      const refusal = refuse(read(given(message) as M));
      if (refusal) log.warn('signal refused', { code: refusal.code, reason: refusal.message });
      else take(read(identified(message)));
    },
  };
}

/** Anything may be sent by hand, nothing at all included. */
function given<M>(message: M): Partial<M> {
  return typeof message === 'object' && message !== null ? message : {};
}

/**
 * A message sent by hand may lack its id and its sender. Not for validators: they are not run on replay, and a random id
 * taken there would shift all later ones.
 */
function identified<M extends Message>(message: M): M {
  const { messageId, by, via, ...rest } = given(message);
  return {
    ...rest,
    messageId: typeof messageId === 'string' ? messageId : uuid4(),
    by: isActor(by) ? { tokenId: by.tokenId, name: by.name } : { tokenId: 'unknown', name: 'signal' },
    via: typeof via === 'string' ? via : 'signal',
  } as M;
}

function withReason({ reason, ...cancel }: Cancel): Cancel {
  return { ...cancel, ...(typeof reason === 'string' && { reason }) };
}

function refused({ code, message, approval }: Refusal): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: true,
    details: approval ? [approval] : [],
  });
}

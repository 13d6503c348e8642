import { log, uuid4 } from '@temporalio/workflow';
import { accept } from '../../core/messages/accept.ts';
import { refuseResult, takeResult } from '../../core/turn/client-results.ts';
import { refuseDecision, takeDecision } from '../../core/turn/decisions.ts';
import { liveSnapshot } from '../../core/turn/live-snapshot.ts';
import { isActor, steerFault } from '../../core/turn/message-shapes.ts';
import type { ClientToolResult, Message, Steer, ToolDecision } from '../../core/turn/messages.ts';
import type { TurnRefusal } from '../../core/turn/refusal.ts';
import { MAX_REASON, MAX_STEER } from '../../core/turn/sizes.ts';
import { callOf, type Turn } from '../../core/turn/turn.ts';
import { sha256Hex } from '../../digest.ts';
import { type HandlerOptions, handleQuery, handleSignal, handleUpdate } from '../handlers.ts';
import { refused } from '../refused.ts';
import { stuckOf } from './capable-worker.ts';
import {
  alwaysAllowSignal,
  alwaysAllowUpdate,
  cancelSignal,
  clientToolResultSignal,
  clientToolResultUpdate,
  eventsSinceQuery,
  grantRevokedSignal,
  snapshotQuery,
  steerSignal,
  steerUpdate,
  stopSignal,
  stopUpdate,
  toolDecisionSignal,
  toolDecisionUpdate,
  wakeCallSignal,
} from './messages.ts';
import type { Interrupt, RunningTurn } from './running-turn.ts';

/**
 * Registers every message of the turn, synchronously and before anything else. A signal and the Update of the same
 * name share one handler; handlers record and return, the main loop acts. One that breaks refuses its message; where it
 * broke halfway, with events appended, the turn fails.
 */
export function handleMessages(turn: RunningTurn, interrupt: (why: Interrupt) => void): void {
  const guard = { watch: () => watchHandler(turn, interrupt) };
  // A decision and a result name a call of this turn, and whoever ends a turn could do that in the engine as well.
  const lenient = { ...guard, unboundToo: true };
  handleQuery(snapshotQuery, () => ({ ...liveSnapshot(turn), ...stuckOf(turn) }));
  handleQuery(eventsSinceQuery, (reader) => ({ ...turn.log.since(reader), usage: turn.memory.usage }));
  handleDecisions(turn, lenient);

  const result = share<ClientToolResult, { callId: string }>({
    refuse: (message) => refuseResult(turn, message),
    take: (message) => takeResult(turn, message),
  });
  handleUpdate(clientToolResultUpdate, result.update, { validator: result.validate, ...lenient });
  handleSignal(clientToolResultSignal, result.signal, lenient);

  const steer = share<Steer, null>({
    refuse: (message) => refuseEnded(turn) ?? refuseShape(steerFault(message)),
    take: ({ messageId, message, by }) => {
      const { seen, steers } = turn.memory;
      if (accept(seen, messageId, MAX_SEEN)) steers.push({ message: message.slice(0, MAX_STEER), by });
      return null;
    },
  });
  handleUpdate(steerUpdate, steer.update, { validator: steer.validate, ...guard });
  handleSignal(steerSignal, steer.signal, guard);

  const stop = share<Message, null>({
    refuse: () => refuseEnded(turn),
    take: () => {
      turn.memory.stopping = true;
      return null;
    },
  });
  handleUpdate(stopUpdate, stop.update, { validator: stop.validate, ...lenient });
  handleSignal(stopSignal, stop.signal, lenient);

  handleSignal(
    cancelSignal,
    (message) => {
      const { reason, by } = identified(message);
      const told = typeof reason === 'string' ? { reason: reason.slice(0, MAX_REASON) } : {};
      if (!turn.ending) interrupt({ kind: 'cancel', by, ...told });
    },
    { unboundToo: true },
  );
  handleSignal(
    grantRevokedSignal,
    (message) => {
      const { grantId } = given(message);
      turn.memory.grants = turn.memory.grants.filter((grant) => grant.id !== grantId);
    },
    { unboundToo: true },
  );
  handleSignal(
    wakeCallSignal,
    (message) => {
      const { callId } = given(message);
      if (typeof callId === 'string' && callOf(turn, callId)?.status === 'running') turn.woken.add(callId);
    },
    { unboundToo: true },
  );
}

/** Most ids of messages that are remembered. */
const MAX_SEEN = 1_000;

/** A message that was half taken leaves a turn of which nobody knows what it would do next. */
function watchHandler(turn: Turn, interrupt: (why: Interrupt) => void): (error: unknown) => void {
  const before = turn.log.state().seq;
  return (error) => {
    if (turn.log.state().seq !== before) interrupt({ kind: 'fault', error });
  };
}

type Guard = Pick<HandlerOptions<unknown[]>, 'watch' | 'unboundToo'>;

function handleDecisions(turn: Turn, guard: Guard): void {
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
  handleUpdate(toolDecisionUpdate, decision.update, { validator: decision.validate, ...guard });
  handleSignal(toolDecisionSignal, decision.signal, guard);
  handleUpdate(alwaysAllowUpdate, (message) => always.update(message as ToolDecision), {
    validator: (message) => always.validate(message as ToolDecision),
    ...guard,
  });
  handleSignal(alwaysAllowSignal, (message) => always.signal(message as ToolDecision), guard);
}

function refuseShape(fault: string | undefined): TurnRefusal | undefined {
  return fault === undefined ? undefined : { code: 'validation_failed', message: fault };
}

function refuseEnded(turn: Turn): TurnRefusal | undefined {
  return turn.ending ? { code: 'turn_ended', message: 'The turn has ended.' } : undefined;
}

interface Meaning<M, R> {
  /** Brings what was sent into the one shape of both. */
  read?(message: M): M;
  refuse(message: M): TurnRefusal | undefined;
  take(message: M): R;
}

/** One meaning for the Update and the signal of a name: the Update answers or throws, the signal is dropped when refused. */
function share<M extends Message, R>({ read = (message) => message, refuse, take }: Meaning<M, R>) {
  const validate = (message: M) => {
    const refusal = refuse(read(given(message) as M));
    if (refusal) throw refused(refusal, refusal.approval ? [refusal.approval] : []);
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
    messageId: typeof messageId === 'string' ? shortId(messageId) : uuid4(),
    by: isActor(by)
      ? { tokenId: by.tokenId.slice(0, MAX_NAME), name: by.name.slice(0, MAX_NAME) }
      : { tokenId: 'unknown', name: 'signal' },
    via: typeof via === 'string' ? via.slice(0, MAX_NAME) : 'signal',
  } as M;
}

/** Longest name, in UTF-16 units: it is written into events. */
const MAX_NAME = 200;

function shortId(messageId: string): string {
  return messageId.length <= MAX_NAME ? messageId : sha256Hex(messageId);
}

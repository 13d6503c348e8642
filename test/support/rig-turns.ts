import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import {
  AgentDefinition,
  type Approval,
  type ClientTool,
  type DecisionBody,
  isTerminal,
  type LimitsInput,
  type ResultBody,
  type TurnEvent,
  type TurnEventType,
} from '../../src/contract/index.ts';
import { LOG_START } from '../../src/core/turn/turn-log.ts';
import { sha256Hex } from '../../src/digest.ts';
import type { Store, TurnRecord } from '../../src/store/store.ts';
import type { Names } from '../../src/temporal/names.ts';
import type { Delivery, MessageOrigin, TurnGateway } from '../../src/temporal/turn/turn-gateway.ts';
import type { TurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { HopelessError, poll } from './poll.ts';
import type { ScriptedAnswer, ScriptedModel } from './scripted-model.ts';

export type EventOf<T extends TurnEventType> = Extract<TurnEvent, { type: T }>;

/** What a test needs to say about an agent; the rest has the contract's defaults. */
export interface RigAgent {
  tools?: string[];
  clientTools?: ClientTool[];
  policy?: Partial<AgentDefinition['policy']>;
  limits?: Partial<AgentDefinition['limits']>;
  approval?: { expiresAfter: string };
  context?: AgentDefinition['context'];
  model?: string;
  deploy?: 'pinned';
}

export interface RigTurn {
  input?: string;
  sessionId?: string;
  clientTools?: ClientTool[];
  limits?: LimitsInput;
}

/** A turn that has ended, with its whole story. */
export interface EndedTurn {
  turn: TurnRecord;
  events: TurnEvent[];
  types: TurnEventType[];
  of<T extends TurnEventType>(type: T): EventOf<T>[];
}

/** Steps of a test's story. */
export interface RigTurns {
  /** Puts an agent in force whose model answers from the script; returns its name. */
  agent(script: ScriptedAnswer[], sketch?: RigAgent): Promise<string>;
  /** Admits a turn and, when the session is its own, starts it. */
  start(agent: string, turn?: RigTurn): Promise<TurnRecord>;
  /** Events as the workflow tells them, page by page. */
  live(turnId: string): Promise<TurnEvent[]>;
  /** Waits until the workflow has an event of the type that matches. */
  untilEvent<T extends TurnEventType>(
    turnId: string,
    type: T,
    matches?: (event: EventOf<T>) => boolean,
  ): Promise<EventOf<T>>;
  /** Waits until a call of the tool waits for a decision; returns its id. */
  pending(turnId: string, tool: string): Promise<string>;
  /** Waits for the turn's end in the store. */
  end(turnId: string): Promise<EndedTurn>;
  /** Sends a decision as the API does, and returns the record. */
  decide(
    turnId: string,
    callId: string,
    decision: DecisionBody,
    from?: Partial<MessageOrigin>,
  ): Promise<Approval>;
  /** Hands in a client's result. */
  result(turnId: string, callId: string, result: ResultBody): Promise<Delivery<{ callId: string }>>;
  /** Sends a signal by hand, of any shape. */
  signal(turnId: string, name: string, ...args: unknown[]): Promise<void>;
}

/** Who sends, in tests. */
export const ANNA = { tokenId: 'token-anna', name: 'anna' };

export function origin(from: Partial<MessageOrigin> = {}): MessageOrigin {
  return { messageId: `msg_${randomUUID()}`, by: ANNA, via: 'update', ...from };
}

/** The id that the call at this place will have. */
export function callIdAt(turnId: string, step: number, index = 0): string {
  return `call_${sha256Hex(`${turnId}:${step}:${index}`).slice(0, 24)}`;
}

interface Deps {
  client: Client;
  names: Names;
  store: Store;
  gateway: TurnGateway;
  observer: TurnObserver;
  model: ScriptedModel;
}

export function createRigTurns({ client, names, store, gateway, observer, model }: Deps): RigTurns {
  const live = (turnId: string) => liveEvents(observer, turnId);
  const untilEvent: RigTurns['untilEvent'] = (turnId, type, matches = () => true) => {
    let seen: TurnEvent[] = [];
    const isIt = (event: TurnEvent): event is EventOf<typeof type> =>
      event.type === type && matches(event as EventOf<typeof type>);
    return poll(
      async () => {
        seen = await live(turnId);
        const found = seen.find(isIt);
        if (!found && seen.some(isTerminal)) throw new HopelessError(`ended without ${type}: ${told(seen)}`);
        return found;
      },
      { what: `turn ${turnId} has ${type}`, everyMs: 10, explain: () => told(seen) },
    );
  };
  return {
    live,
    untilEvent,
    async agent(script, sketch = {}) {
      const name = `agent-${randomUUID().slice(0, 8)}`;
      model.script(name, script);
      const definition = AgentDefinition.parse({ name, model: `scripted/${name}`, ...sketch });
      await store.agents.put(definition, new Date().toISOString());
      return name;
    },
    async start(agent, { input = 'go', sessionId, clientTools = [], limits = {} } = {}) {
      const id = `turn_${randomUUID()}`;
      const admission = await store.turns.admit({
        id,
        sessionId: sessionId ?? `session_${randomUUID()}`,
        agent,
        input,
        clientTools,
        limits,
        metadata: {},
        createdAt: new Date().toISOString(),
      });
      if (admission.outcome !== 'created') throw new Error(admission.outcome);
      // As the API does: a start that is lost is made up for later.
      if (admission.turn.state === 'starting') await gateway.start(admission.turn).catch(() => false);
      return admission.turn;
    },
    async pending(turnId, tool) {
      const { callId } = await untilEvent(turnId, 'approval.requested', (event) => event.tool === tool);
      return callId;
    },
    end: (turnId) => ended(store, turnId),
    async decide(turnId, callId, decision, from) {
      // What is only accepted is kept, and told when it is sent again: a busy worker may be later than the gateway waits.
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const answer = await gateway.decide(turnId, callId, decision, origin(from));
        if (answer.delivery === 'answered') return answer.result;
      }
      throw new Error('no worker answered');
    },
    result: (turnId, callId, result) => gateway.submitResult(turnId, callId, result, origin()),
    signal: (turnId, name, ...args) =>
      client.workflow.getHandle(names.turnWorkflowId(turnId)).signal(name, ...args),
  };
}

async function liveEvents(observer: TurnObserver, turnId: string): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for (let position = LOG_START, more = true; more; ) {
    const page = await observer.eventsSince(turnId, position);
    events.push(...page.events);
    ({ position, more } = page);
  }
  return events;
}

async function ended(store: Store, turnId: string): Promise<EndedTurn> {
  const turn = await poll(
    async () => {
      const record = await store.turns.get(turnId);
      return record?.endedAt !== undefined && record;
    },
    { what: `turn ${turnId} has ended`, everyMs: 10 },
  );
  const events = await store.events.list(turnId);
  return {
    turn,
    events,
    types: events.map(({ type }) => type),
    of: (type) => events.filter((event) => event.type === type) as never,
  };
}

function told(events: TurnEvent[]): string {
  return events.map((event) => JSON.stringify(event)).join('\n');
}

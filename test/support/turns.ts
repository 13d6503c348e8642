import { expect } from '@jest/globals';
import type {
  Agent,
  Approval,
  DecisionBody,
  PendingCall,
  PutAgentBody,
  ResultBody,
  StartTurnBody,
  Turn,
  TurnEvent,
  TurnEventType,
} from '../../src/contract/index.ts';
import type { Answer, HttpClient } from './http-client.ts';
import { HopelessError, poll } from './poll.ts';
import { type Follower, followTurn, isEnd, openSse, type SseOptions, type SseReader } from './sse-reader.ts';
import type { System } from './system.ts';

/** What a test needs to say about a definition; the rest has the contract's defaults. */
export type AgentSketch = Partial<Omit<PutAgentBody, 'limits' | 'approval' | 'policy'>> & {
  policy?: { default?: 'allow' | 'ask' | 'deny'; rules?: PutAgentBody['policy']['rules'] };
  limits?: { maxSteps?: number; maxTokens?: number; deadline?: string };
  approval?: { expiresAfter: string };
};

/** Steps of a test's story, in the words of the API. */
export interface Turns {
  readonly http: HttpClient;
  /** Puts an agent of the rehearsal model in force and returns its name. */
  agent(sketch?: AgentSketch): Promise<string>;
  /** Starts a turn; the script's lines are joined. */
  start(agent: string, script: string | string[], more?: Partial<StartTurnBody>): Promise<Turn>;
  get(id: string): Promise<Turn>;
  /** All events so far, from the first. */
  events(id: string): Promise<TurnEvent[]>;
  until(id: string, what: string, matches: (turn: Turn) => boolean, timeoutMs?: number): Promise<Turn>;
  /** Waits until an event of the type is there (and matches). */
  untilEvent<T extends TurnEventType>(
    id: string,
    type: T,
    matches?: (event: EventOf<T>) => boolean,
    timeoutMs?: number,
  ): Promise<EventOf<T>>;
  /** Waits until a call of the tool is pending; `kind` defaults to approval. */
  pending(id: string, tool: string, kind?: PendingCall['kind']): Promise<PendingCall>;
  /** Waits for the turn's end and checks that its terminal event is readable at once. */
  end(id: string, timeoutMs?: number): Promise<Ended>;
  decide(id: string, callId: string, body: DecisionBody): Promise<Answer<Approval>>;
  result(id: string, callId: string, body: ResultBody): Promise<Answer>;
  stream(id: string, options?: Partial<SseOptions>): Promise<SseReader>;
  /** Follows the turn from its first event over any number of broken connections. */
  follow(turn: Turn, options?: { splitBytes?: number }): Follower;
}

export type EventOf<T extends TurnEventType> = Extract<TurnEvent, { type: T }>;

/** A turn that has ended, with its whole story. */
export interface Ended {
  turn: Turn;
  events: TurnEvent[];
  /** Events of one type, in order. */
  of<T extends TurnEventType>(type: T): EventOf<T>[];
}

/** A `/call` line of the rehearsal model. */
export const call = (tool: string, input: unknown): string => `/call ${tool} ${JSON.stringify(input)}`;

let counter = 0;
/** A name that no other test uses. */
export function unique(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${counter}-${Date.now().toString(36)}`;
}

/** All built-in tools. */
const ALL_TOOLS = [
  'read_file',
  'write_file',
  'list_files',
  'search_files',
  'http_fetch',
  'run_command',
  'write_note',
  'search_notes',
  'browser_profile',
];

/** The story-telling API over a running system. */
export function createTurns(system: System, http: HttpClient = system.http): Turns {
  const explain = system.tails;
  const get = async (id: string) => {
    const answer = await http.get<Turn>(`/v1/turns/${id}`);
    if (answer.status !== 200) throw new Error(`GET turn ${id}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const events = (id: string) => readEvents(http, id);
  const until: Turns['until'] = (id, what, matches, timeoutMs = 20_000) => {
    let seen: Turn | undefined;
    return poll(
      async () => {
        seen = await get(id);
        return matches(seen) && seen;
      },
      { what, timeoutMs, explain: () => `turn as last seen: ${JSON.stringify(seen)}\n${explain()}` },
    );
  };
  return {
    http,
    agent: async (sketch = {}) => {
      const name = unique('agent');
      const answer = await http.put<Agent>(`/v1/agents/${name}`, {
        model: 'rehearsal/script',
        tools: ALL_TOOLS,
        notes: { read: ['**'], write: ['**'] },
        ...sketch,
      });
      if (answer.status !== 200 && answer.status !== 201) throw new Error(`PUT agent: ${answer.text}`);
      return name;
    },
    start: async (agent, script, more = {}) => {
      const input = Array.isArray(script) ? script.join('\n') : script;
      const answer = await http.post<Turn>('/v1/turns', { agent, input, ...more });
      if (answer.status !== 202) throw new Error(`POST turn: ${answer.status} ${answer.text}`);
      return answer.body;
    },
    get,
    events,
    until,
    untilEvent: async (id, type, matches = () => true, timeoutMs = 20_000) => {
      let seen: TurnEvent[] = [];
      const isMatch = (event: TurnEvent): event is EventOf<typeof type> =>
        event.type === type && matches(event as EventOf<typeof type>);
      return poll(
        async () => {
          seen = await events(id);
          const found = seen.find(isMatch);
          if (!found && isEnd(seen.at(-1)?.type)) throw new HopelessError(`The turn ended without ${type}.`);
          return found;
        },
        { what: `turn ${id} has ${type}`, timeoutMs, explain: () => `${JSON.stringify(seen)}\n${explain()}` },
      );
    },
    pending: async (id, tool, kind = 'approval') => {
      const isIt = (each: PendingCall) => each.tool === tool && each.kind === kind;
      const turn = await until(id, `a ${kind} of ${tool} is pending`, (each) => {
        if (isEndStatus(each.status) && !each.pending.some(isIt)) {
          throw new HopelessError(`The turn ended first: ${JSON.stringify(each)}`);
        }
        return each.pending.some(isIt);
      });
      const found = turn.pending.find(isIt);
      if (!found) throw new Error('unreachable');
      return found;
    },
    end: async (id, timeoutMs = 30_000) => {
      const turn = await until(id, 'the turn has ended', (each) => isEndStatus(each.status), timeoutMs);
      const all = await events(id);
      expect(all.at(-1)?.type).toBe(`turn.${turn.status}`);
      expect(turn.pending).toEqual([]);
      return { turn, events: all, of: (type) => all.filter((event) => event.type === type) as never };
    },
    decide: (id, callId, body) => http.post(`/v1/turns/${id}/calls/${callId}/decision`, body),
    result: (id, callId, body) => http.post(`/v1/turns/${id}/calls/${callId}/result`, body),
    stream: (id, options = {}) =>
      openSse(new URL(`/v1/turns/${id}/events`, http.baseUrl), { token: http.token, ...options }),
    follow: (turn, options = {}) => followTurn(http, turn.id, { from: `${turn.ordinal}.0`, ...options }),
  };
}

/** All events of a turn, page by page, from its first. */
export async function readEvents(http: HttpClient, id: string): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  const turn = await http.get<Turn>(`/v1/turns/${id}`);
  let cursor = `${turn.body.ordinal}.0`;
  for (;;) {
    const page = await http.get<{ events: TurnEvent[]; cursor: string }>(
      `/v1/turns/${id}/events?after=${cursor}`,
      {
        accept: 'application/json',
      },
    );
    if (page.status !== 200) throw new Error(`GET events of ${id}: ${page.status} ${page.text}`);
    all.push(...page.body.events);
    if (page.body.events.length === 0 || isEnd(all.at(-1)?.type)) return all;
    cursor = page.body.cursor;
  }
}

function isEndStatus(status: Turn['status']): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

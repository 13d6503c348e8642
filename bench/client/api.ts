import { type Dispatcher, Agent as Pool } from 'undici';
import type { Approval, Page, Turn } from '../../src/contract/index.ts';
import type { LongturnSystem } from '../system/longturn.ts';

/** The API as the driver uses it: HTTP over kept-alive sockets. */
export interface Api extends AsyncDisposable {
  /** Puts an agent of the rehearsal model in force whose one tool lists files, with this gate. */
  putAgent(name: string, gate: 'allow' | 'ask'): Promise<void>;
  /** Puts an agent in force whose one tool is executed by the client, unasked. */
  putFanOutAgent(name: string, tool: string): Promise<void>;
  startTurn(agent: string, input: string): Promise<Turn>;
  decide(turnId: string, callId: string): Promise<void>;
  submitResult(turnId: string, callId: string, content: string): Promise<void>;
  getTurn(id: string): Promise<Turn>;
  /** All pending approvals of an agent. */
  pending(agent: string): Promise<Approval[]>;
  /** Opens the stream of a turn; the answer's body is to be read to its end. */
  openStream(turnId: string, after?: string): Promise<Dispatcher.ResponseData>;
}

/** An answer that the bench did not count on. */
export class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body}`);
    this.status = status;
  }
}

/** A tool that costs next to nothing: lists an empty folder. */
export const TOOL = 'list_files';
/** With an agent whose tool is allowed, the five steps: prepare, model, tool, model, finish. */
export const SCRIPT = `/call ${TOOL} {}\n/say Done.`;

export function createApi(system: LongturnSystem): Api {
  const pool = new Pool({ keepAliveTimeout: 60_000, bodyTimeout: 0, headersTimeout: 60_000 });
  const send = (method: Dispatcher.HttpMethod, path: string, body?: object, accept = 'application/json') =>
    pool.request({
      origin: system.baseUrl,
      method,
      path,
      headers: {
        authorization: `Bearer ${system.token}`,
        accept,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const call = async <T>(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<T> => {
    const answer = await send(method, path, body);
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new UnexpectedAnswer(`${method} ${path}`, answer.statusCode, text);
    return JSON.parse(text) as T;
  };

  return {
    async putAgent(name, gate) {
      await call('PUT', `/v1/agents/${name}`, {
        model: 'rehearsal/script',
        tools: [TOOL],
        policy: { rules: gate === 'ask' ? [{ tool: TOOL, gate }] : [] },
      });
    },
    async putFanOutAgent(name, tool) {
      await call('PUT', `/v1/agents/${name}`, {
        model: 'rehearsal/script',
        clientTools: [{ name: tool, description: 'Answers.', inputSchema: { type: 'object' } }],
        policy: { rules: [{ tool, gate: 'allow' }] },
      });
    },
    startTurn: (agent, input) => call('POST', '/v1/turns', { agent, input }),
    async decide(turnId, callId) {
      await call('POST', `/v1/turns/${turnId}/calls/${callId}/decision`, { action: 'allow' });
    },
    async submitResult(turnId, callId, content) {
      await call('POST', `/v1/turns/${turnId}/calls/${callId}/result`, { content });
    },
    getTurn: (id) => call('GET', `/v1/turns/${id}`),
    async pending(agent) {
      const all: Approval[] = [];
      for (let cursor: string | undefined = '', more = true; more; more = cursor !== undefined) {
        const after: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
        const page: Page<Approval> = await call('GET', `/v1/approvals?agent=${agent}&limit=200${after}`);
        all.push(...page.items);
        cursor = page.nextCursor;
      }
      return all;
    },
    openStream: (turnId, after) =>
      send(
        'GET',
        `/v1/turns/${turnId}/events${after ? `?after=${after}` : ''}`,
        undefined,
        'text/event-stream',
      ),
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

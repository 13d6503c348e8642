import { fetch, Agent as Pool } from 'undici';
import { allOf, type Client, createClient, type Fetch } from '../../src/client/index.ts';
import type { Approval, Turn } from '../../src/contract/index.ts';
import type { LongturnSystem } from '../system/longturn.ts';

/** The API as the driver uses it: the client over kept-alive sockets. What fails is not repeated, so that nothing goes unseen. */
export interface Api extends AsyncDisposable {
  client: Client;
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
}

/** A tool that costs next to nothing: lists an empty folder. */
export const TOOL = 'list_files';
/** With an agent whose tool is allowed, the five steps: prepare, model, tool, model, finish. */
export const SCRIPT = `/call ${TOOL} {}\n/say Done.`;

export function createApi({ baseUrl, token }: LongturnSystem): Api {
  const pool = new Pool({ keepAliveTimeout: 60_000, bodyTimeout: 0, headersTimeout: 60_000 });
  const pooled = ((url, init) => fetch(url as string, { ...(init as object), dispatcher: pool })) as Fetch;
  const client = createClient({ baseUrl, token, fetch: pooled, retries: 0, timeoutMs: 60_000 });
  return {
    client,
    async putAgent(name, gate) {
      await client.agents.put(name, {
        model: 'rehearsal/script',
        tools: [TOOL],
        policy: { rules: gate === 'ask' ? [{ tool: TOOL, gate }] : [] },
      });
    },
    async putFanOutAgent(name, tool) {
      await client.agents.put(name, {
        model: 'rehearsal/script',
        clientTools: [{ name: tool, description: 'Answers.', inputSchema: { type: 'object' } }],
        policy: { rules: [{ tool, gate: 'allow' }] },
      });
    },
    startTurn: (agent, input) => client.turns.start({ agent, input }),
    async decide(turnId, callId) {
      await client.calls.decide(turnId, callId, { action: 'allow' });
    },
    async submitResult(turnId, callId, content) {
      await client.calls.submitResult(turnId, callId, { content });
    },
    getTurn: (id) => client.turns.get(id),
    async pending(agent) {
      const all: Approval[] = [];
      const pages = allOf((page) => client.approvals.list({ ...page, agent, limit: 200 }));
      for await (const approval of pages) all.push(approval);
      return all;
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

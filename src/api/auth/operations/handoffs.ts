import { sha256Hex } from '../../../digest.ts';
import type { HandoffRecord, ReturnTo } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import type { FlowSessions } from '../flow-sessions.ts';

/** A repeated exchange is answered again for this long, in milliseconds, unless its token was used meanwhile. */
const REPEAT_MS = 5_000;
/** Most codes of one flow: the first, and one for each repeat of the request for it. */
const MOST_CODES = 10;

/** One-time codes that open a flow to a person. */
export interface Handoffs {
  /** A new code for a flow; undefined when one was exchanged already, or there were too many. */
  create(flow: {
    connectionId: string;
    flowId: string;
    expiresAt: string;
    returnTo?: ReturnTo;
  }): Promise<string | undefined>;
  /** The session token of a code, and where its person goes afterwards. Throws `handoff_not_found`, `handoff_used`. */
  exchange(connectionId: string, code: string): Promise<{ jwt: string; flowId: string; returnTo?: ReturnTo }>;
}

/**
 * Codes are keyed hashes of flow and number, 256 bits. With the key all codes of a flow can be computed, and so be looked up
 * although only their hashes are stored.
 */
export function createHandoffs(
  { store, vault, now }: Pick<ApiDeps, 'store' | 'vault' | 'now'>,
  sessions: FlowSessions,
): Handoffs {
  const { handoffs } = store.auth;
  const codeOf = (flowId: string, n: number) => vault.hash(`${flowId} ${n}`, 'handoff');

  return {
    async create(flow) {
      for (let n = 0; n < MOST_CODES; n += 1) {
        const code = codeOf(flow.flowId, n);
        const codeHash = sha256Hex(code);
        const earlier = await handoffs.get(codeHash);
        if (earlier?.exchangedAt !== undefined) return undefined;
        if (earlier !== undefined) continue;
        await handoffs.create({ codeHash, ...flow });
        return code;
      }
      return undefined;
    },
    async exchange(connectionId, code) {
      const codeHash = sha256Hex(code);
      const known = await handoffs.get(codeHash);
      if (known?.connectionId !== connectionId) throw noSuchCode(connectionId);
      if (Date.parse(known.expiresAt) <= now().getTime()) throw usedUp();
      const exchange = await handoffs.exchange(codeHash, now().toISOString());
      if (exchange === undefined) throw noSuchCode(connectionId);
      const { first, handoff } = exchange;
      if (!isExchanged(handoff)) throw new Error('an exchanged code has no instant of its exchange');
      if (!first && !mayRepeat(handoff, now())) throw usedUp();
      const { flowId, returnTo } = handoff;
      return { jwt: await sessions.issue(handoff), flowId, ...(returnTo && { returnTo }) };
    },
  };
}

type Exchanged = HandoffRecord & { exchangedAt: string };

function isExchanged(handoff: HandoffRecord): handoff is Exchanged {
  return handoff.exchangedAt !== undefined;
}

function mayRepeat({ exchangedAt, usedAt }: Exchanged, now: Date): boolean {
  return usedAt === undefined && now.getTime() - Date.parse(exchangedAt) <= REPEAT_MS;
}

function noSuchCode(connectionId: string): ApiProblem {
  const detail = `There is no such hand-off code for the auth connection ${connectionId}. Begin a new login.`;
  return new ApiProblem('handoff_not_found', detail);
}

function usedUp(): ApiProblem {
  return new ApiProblem('handoff_used', 'The hand-off code was used, or has expired. Begin a new login.');
}

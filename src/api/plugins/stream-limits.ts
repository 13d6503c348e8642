import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../deps.ts';
import { ApiProblem } from '../problems.ts';
import { callerOf } from './bearer.ts';

/** Counts the open event streams of this process. */
export interface StreamLimits {
  /** Counts one more; the answer takes it away again. Throws `rate_limited` where there are as many as there may be. */
  take(request: FastifyRequest): () => void;
}

/** When a client that was refused may try again, in seconds. */
const RETRY_AFTER_S = 10;

/** Limits per token and per address; 0 is no limit. */
export function createStreamLimits({
  perToken,
  perAddress,
}: ApiDeps['config']['streamLimits']): StreamLimits {
  const open = new Map<string, number>();

  function refuseBeyond(key: string, most: number, whose: string): void {
    if (most === 0 || (open.get(key) ?? 0) < most) return;
    throw new ApiProblem('rate_limited', `${whose} has ${most} event streams open. Close some first.`, {
      headers: { 'retry-after': String(RETRY_AFTER_S) },
    });
  }

  function add(key: string, by: number): void {
    const count = (open.get(key) ?? 0) + by;
    if (count > 0) open.set(key, count);
    else open.delete(key);
  }

  return {
    take(request) {
      const token = `token ${callerOf(request).id}`;
      const address = `address ${request.ip}`;
      refuseBeyond(token, perToken, 'This token');
      refuseBeyond(address, perAddress, 'This address');
      for (const key of [token, address]) add(key, 1);
      return () => {
        for (const key of [token, address]) add(key, -1);
      };
    },
  };
}

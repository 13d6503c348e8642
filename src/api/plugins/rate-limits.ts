import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Api, ApiDeps } from '../deps.ts';
import { ApiProblem } from '../problems.ts';

const WINDOW_MS = 60_000;

/** Counts requests in windows of a minute; kept in this process. Both throw `rate_limited`. */
export interface RateLimits {
  /** Counts a request of a token. */
  spend(request: FastifyRequest): Promise<void>;
  /** Counts a failed authentication from an address. Requests with a valid token are not held up by it. */
  fail(request: FastifyRequest): Promise<void>;
}

/** Limits per token, and per address for failed authentication; 0 is no limit. */
export async function createRateLimits(app: Api, config: ApiDeps['config']): Promise<RateLimits> {
  await app.register(rateLimit, { global: false });
  const perToken = app.createRateLimit({
    max: config.rateLimitPerMinute,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => request.caller?.id ?? request.ip,
  });
  const perAddress = app.createRateLimit({ max: config.authFailuresPerMinute, timeWindow: WINDOW_MS });

  const count = async (counter: typeof perToken, max: number, request: FastifyRequest, what: string) => {
    if (max === 0) return;
    const verdict = await counter(request);
    if (verdict.isAllowed || !verdict.isExceeded) return;
    const retryAfterSeconds = Math.max(1, verdict.ttlInSeconds);
    throw new ApiProblem('rate_limited', `${what} in a minute. Try again in ${retryAfterSeconds} s.`, {
      headers: { 'retry-after': String(retryAfterSeconds) },
    });
  };

  return {
    spend: (request) =>
      count(
        perToken,
        config.rateLimitPerMinute,
        request,
        `This token has sent more than ${config.rateLimitPerMinute} requests`,
      ),
    fail: (request) =>
      count(
        perAddress,
        config.authFailuresPerMinute,
        request,
        `More than ${config.authFailuresPerMinute} failed authentications`,
      ),
  };
}

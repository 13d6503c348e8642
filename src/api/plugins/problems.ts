import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemCode } from '../../contract/index.ts';
import type { Api } from '../deps.ts';
import { ApiProblem, problemBody } from '../problems.ts';
import { toProblem } from '../to-problem.ts';
import { isVendorPath } from '../vendor-paths.ts';

/** The vendor's SDK repeats a request that was answered 409, unless it is told not to. */
const NOT_AGAIN = { 'x-should-retry': 'false' };

/** Answers every error, and every path that is none of ours, as problem+json. */
export function registerProblems(app: Api): void {
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is no ${request.method} ${pathname(request)}; /docs lists what there is.`;
    return answerProblem(new ApiProblem('not_found', detail), request, reply);
  });
}

/** Sends the problem of what was thrown, and logs it when it is our fault. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  // Not ready is a state, not a fault: no stack, and not as an error.
  if (problem.status === 503) request.log.warn({ code: problem.code }, problem.message);
  else if (problem.status >= 500) request.log.error({ err: problem.cause ?? error }, problem.message);
  const instance = pathname(request);
  const body = problemBody(problem, { instance, requestId: request.id, vendor: isVendorPath(instance) });
  return reply
    .code(problem.status)
    .headers({ 'x-request-id': request.id, ...(problem.status === 409 && NOT_AGAIN), ...problem.headers })
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(body);
}

/** Without the query: it may hold a code. */
function pathname(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}

const BROKEN_REQUESTS: Readonly<Record<string, readonly [number, ProblemCode, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'payload_too_large', 'The headers are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'validation_failed', 'The request did not arrive in time.'],
};

/** Answers what is not even HTTP; Node gives no request then, only the socket. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, detail] = BROKEN_REQUESTS[error.code ?? ''] ?? [
    400,
    'validation_failed' as const,
    'The request is not valid HTTP.',
  ];
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: `urn:longturn:problem:${code}`, title, status, code, detail });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

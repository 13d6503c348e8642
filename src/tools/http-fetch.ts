import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { JsonObject } from '../contract/index.ts';
import { guardOf } from '../outbound/outbound-guard.ts';
import { OutboundRefused } from '../outbound/outbound-refused.ts';
import { bareHost, type Resolve } from '../outbound/resolve.ts';
import type { Outgoing } from '../outbound/send.ts';
import { defineTool } from './define-tool.ts';
import { type Exchange, exchange } from './http/exchange.ts';
import { createMayFollow } from './http/may-follow.ts';
import { readHeaders, readUrl } from './http/outgoing.ts';
import { readBody, showBody } from './http/response-body.ts';
import { errorCode } from './system-error.ts';
import { type Tool, type ToolContext, ToolError } from './tool.ts';

/** Where the operator lists what is not public and may be fetched all the same. */
const SETTING = 'LONGTURN_HTTP_FETCH_ALLOW';

const SHOWN_HEADERS = [
  'content-type',
  'content-language',
  'last-modified',
  'etag',
  'location',
  'link',
  'retry-after',
  'www-authenticate',
];

const Input = z.strictObject({
  url: z.string().min(1).max(8_000).describe('An http: or https: URL of a public host.'),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .optional()
    .describe('GET by default.'),
  headers: z.record(z.string(), z.string().max(16_000)).optional(),
  body: z.string().max(1_000_000).optional().describe('Text to send; not with GET or HEAD.'),
});

export interface HttpFetchDeps {
  /** `host:port` of addresses that are not public and may be reached all the same. */
  allow: string[];
  /** Longest time from the call to the last byte, in milliseconds. Default 30,000. */
  totalMs?: number;
  /** Finds a name's addresses. Default: the system's resolver. */
  resolve?: Resolve;
}

/** `http_fetch {url, method?, headers?, body?}`: one HTTP request to a public host, at most 1 MiB and 30 s. */
export function createHttpFetch({ allow, totalMs = 30_000, resolve }: HttpFetchDeps): Tool {
  const guard = guardOf({
    allow,
    setting: SETTING,
    byAddress: true,
    ...(resolve && { resolve }),
  });

  return defineTool({
    name: 'http_fetch',
    description:
      'Sends an HTTP request to a public host and returns status, main headers and text body (at most 1 MiB, 30 seconds). Follows at most 5 redirects, each only where the policy allows its URL. Hosts in private networks are refused.',
    input: Input,
    subjects: { url: { kind: 'url' }, method: { kind: 'text', default: 'GET' } },
    idempotent: false,
    gate: 'ask',
    timeoutMs: totalMs + 5_000,
    async run(input, context) {
      const outgoing = outgoingOf(input);
      const overtime = AbortSignal.timeout(totalMs);
      try {
        const mayFollow = createMayFollow(context, input as JsonObject);
        const signal = AbortSignal.any([context.signal, overtime]);
        await using answer = await exchange(outgoing, { guard, mayFollow }, signal);
        return await show(answer, outgoing.method);
      } catch (error) {
        throw readable(error, { context, overtime, totalMs, url: outgoing.url });
      }
    },
  });
}

function outgoingOf({ url, method = 'GET', headers = {}, body }: z.infer<typeof Input>): Outgoing {
  if (body === undefined) return { url: readUrl(url), method, headers: readHeaders(headers) };
  if (method === 'GET' || method === 'HEAD') {
    throw new ToolError('input_invalid', `A ${method} request has no body; leave it out or use POST.`);
  }
  const withType = { 'content-type': 'text/plain;charset=UTF-8', ...readHeaders(headers) };
  return { url: readUrl(url), method, headers: withType, body };
}

/** The answer as the model reads it: status, main headers, a blank line, the body. */
async function show({ response, url, redirects }: Exchange, method: string): Promise<string> {
  const { statusCode, statusText, headers } = response;
  const status = `HTTP ${statusCode} ${statusText || (STATUS_CODES[statusCode] ?? '')}`.trim();
  const origin = redirects > 0 ? [`redirected to: ${url.href}`] : [];
  const shown = SHOWN_HEADERS.filter((name) => headers[name] !== undefined);
  const lines = shown.map((name) => `${name}: ${header(headers, name)}`);
  const body = method === 'HEAD' ? '' : showBody(await readBody(response), header(headers, 'content-type'));
  return [status, ...origin, ...lines, '', body].join('\n');
}

function header(headers: Record<string, string | string[] | undefined>, name: string): string {
  return [headers[name] ?? ''].flat().join(', ');
}

function readable(
  error: unknown,
  {
    context,
    overtime,
    totalMs,
    url,
  }: { context: ToolContext; overtime: AbortSignal; totalMs: number; url: URL },
): unknown {
  if (context.signal.aborted) return context.signal.reason;
  if (overtime.aborted) {
    return new ToolError(
      'fetch_timeout',
      `${url.host} did not answer in full within ${totalMs} ms; try again later.`,
      {
        cause: error,
      },
    );
  }
  if (error instanceof ToolError) return error;
  if (error instanceof OutboundRefused) return addressRefused(error);
  const reason = error instanceof Error ? error.message || errorCode(error) : String(error);
  return new ToolError(
    'fetch_failed',
    `The request to ${url.host} failed: ${reason}. Check the host and try again.`,
    {
      cause: error,
    },
  );
}

function addressRefused(refused: OutboundRefused): ToolError {
  const { host, port, address } = refused;
  const at = bareHost(host) === address ? address : `${host} (${address})`;
  return new ToolError(
    'address_refused',
    `${at} is not a public address; http_fetch reaches public ones only. If this one is meant, the operator can add ${host}:${port} to ${SETTING}.`,
    { cause: refused },
  );
}
